"use client";

import { useTranslations } from "next-intl";
import {
  ackChoices,
  commitChoices,
  endurance,
  hands,
  kafkaSteps,
  type Place,
  placesOf,
  resetChoices,
} from "#common/tools/kafka-settings.ts";
import { choicePart, flagPart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Slider } from "../ui/slider.tsx";
import { Switch } from "../ui/toggle.tsx";
import { FailGlyph, PassGlyph, WarnGlyph } from "../ui/verdict-glyphs.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";
import { within } from "./parts/within.ts";

const mostReplicas = 7;

const state = {
  replicas: integerPart(2),
  minInSync: integerPart(1),
  acks: choicePart(ackChoices, "1"),
  commit: choicePart(commitChoices, "auto"),
  reset: choicePart(resetChoices, "latest"),
  retried: flagPart(true),
  unclean: flagPart(false),
};
const keys = {
  replicas: "kafka-settings.replicas",
  minInSync: "kafka-settings.min-insync",
  acks: "kafka-settings.acks",
  commit: "kafka-settings.commit",
  reset: "kafka-settings.reset",
  retried: "kafka-settings.retried",
  unclean: "kafka-settings.unclean",
};
const numbers = ["replicas", "minInSync"] as const;
const switches = ["retried", "unclean"] as const;

export default function KafkaSettingsTool() {
  const t = useTranslations("tool-kafka-settings");
  const [chosen, choose] = useUrlState(state, { keys });
  const settings = {
    ...chosen,
    replicas: within(chosen.replicas, 1, mostReplicas),
    minInSync: within(chosen.minInSync, 1, mostReplicas),
  };
  const places = placesOf(settings);
  const bad = places.filter((one) => one.state !== "safe").length;
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-2">
        {numbers.map((name) => (
          <Slider
            key={name}
            label={t(name)}
            min={1}
            max={mostReplicas}
            step={1}
            value={settings[name]}
            onChange={(event) => choose({ [name]: event.target.valueAsNumber })}
          />
        ))}
        <ChoiceField
          label={t("acks")}
          values={ackChoices}
          value={settings.acks}
          words={(one) => `acks=${one}`}
          onChange={(acks) => choose({ acks })}
        />
        <ChoiceField
          label={t("commit")}
          values={commitChoices}
          value={settings.commit}
          words={(one) => t(`commits.${one}`)}
          onChange={(commit) => choose({ commit })}
        />
        <ChoiceField
          label={t("reset")}
          values={resetChoices}
          value={settings.reset}
          words={(one) => `auto.offset.reset=${one}`}
          onChange={(reset) => choose({ reset })}
        />
        <div className="grid gap-2">
          {switches.map((name) => (
            <Switch
              key={name}
              label={t(name)}
              checked={settings[name]}
              onChange={(event) => choose({ [name]: event.target.checked })}
            />
          ))}
        </div>
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">{t("result", { bad })}</p>
        <p className="mt-1 text-soft">{t("endurance", endurance(settings))}</p>
      </div>
      <div className="grid gap-4">
        {hands.map((hand) => (
          <div key={hand}>
            <h4 className="mb-1.5 font-medium text-ink">{t(`hands.${hand}`)}</h4>
            <ul className="grid gap-1.5">
              {places
                .filter((place) => place.hand === hand)
                .map((place) => (
                  <Told
                    key={place.id}
                    place={place}
                    words={t(`place.${place.id}`, {
                      replicas: settings.replicas,
                      minInSync: settings.minInSync,
                    })}
                  />
                ))}
            </ul>
          </div>
        ))}
      </div>
      <CommandSteps steps={kafkaSteps(settings)} words={(id) => t(`step.${id}`)} />
    </section>
  );
}

const looks = {
  lost: { Glyph: FailGlyph, ink: "text-fail" },
  risk: { Glyph: WarnGlyph, ink: "text-warn" },
  safe: { Glyph: PassGlyph, ink: "text-pass" },
} as const;

function Told({ place, words }: { place: Place; words: string }) {
  const t = useTranslations("tool-kafka-settings");
  const { Glyph, ink } = looks[place.state];
  return (
    <li className="flex min-w-0 items-start gap-2">
      <span className={`inline-flex shrink-0 items-center gap-1 pt-0.5 font-medium ${ink}`}>
        <Glyph size={15} />
        {t(`states.${place.state}`)}
      </span>
      <span className="min-w-0 text-ink">{words}</span>
    </li>
  );
}
