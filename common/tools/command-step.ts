/** Commands that belong together; `id` names the sentence that explains them. */
export type CommandStep = { id: string; code: string };
