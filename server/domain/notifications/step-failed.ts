/** Nothing of it was kept: what `id` names is as due as it was. */
export class StepFailed extends Error {
  override name = "StepFailed";
  readonly id: string;
  constructor(id: string, options: { cause: unknown }) {
    super("a step of the notifications failed", options);
    this.id = id;
  }
}
