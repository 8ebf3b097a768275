import { Accordion, Box, ScrollArea, Tabs, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { get, part } from "../../api/client";
import { useVocabulary } from "../../api/queries";
import type {
  FunctionView,
  ModuleView,
  PlacedModule,
  ScenarioDocument,
  ScenarioView,
} from "../../api/schema";
import { complain } from "../../parts/act";
import { labelOf, useKnown } from "../known";
import { FAILED_OUTPUT, FAILED_SAMPLE, type Upstream, upstreamOf } from "../reach";
import { useEditor } from "../store";
import { type Mappable, mappable } from "./shape";
import { insertText, useMapping } from "./target";

const HEIGHT = "calc(70vh - 90px)";

/** What can be mapped: the values of the modules before, and functions with help. */
export function ValuesPanel({ module }: { module: number }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  return (
    <Box component="aside" aria-label={t("Values and functions")}>
      <Tabs defaultValue="values">
        <Tabs.List>
          <Tabs.Tab value="values">{t("Values")}</Tabs.Tab>
          <Tabs.Tab value="functions">{t("Functions")}</Tabs.Tab>
        </Tabs.List>
        <TextInput
          my="xs"
          size="xs"
          aria-label={t("Search values and functions")}
          placeholder={t("Search")}
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Tabs.Panel value="values">
          <ScrollArea h={HEIGHT} viewportProps={{ tabIndex: 0 }}>
            <Values module={module} text={text} />
          </ScrollArea>
        </Tabs.Panel>
        <Tabs.Panel value="functions">
          <ScrollArea h={HEIGHT} viewportProps={{ tabIndex: 0 }}>
            <Functions text={text} />
          </ScrollArea>
        </Tabs.Panel>
      </Tabs>
    </Box>
  );
}

function Values({ module, text }: { module: number; text: string }) {
  const { t } = useTranslation();
  const flow = useEditor((state) => state.document.flow);
  const upstream = useMemo(() => upstreamOf(flow, module) ?? [], [flow, module]);
  return (
    <>
      {upstream.length === 0 && <Text c="dimmed">{t("Nothing runs before this module.")}</Text>}
      {upstream.toReversed().map((one) => (
        <ModuleValues key={one.placed.id} upstream={one} text={text} />
      ))}
      <InputValues text={text} />
    </>
  );
}

/** What the scenario is given, as it is declared. */
function InputValues({ text }: { text: string }) {
  const { t } = useTranslation();
  const inputs = useEditor((state) => state.document.inputs) ?? [];
  if (inputs.length === 0) return null;
  const properties = inputs.map((one) => [one.name, { title: one.label || one.name }]);
  const presets = Object.fromEntries(inputs.map((one) => [one.name, one.default]));
  const fields = mappable({ properties: Object.fromEntries(properties) }, presets);
  return (
    <Box mb="sm">
      <Text fw={600} size="sm">
        {t("Scenario inputs")}
      </Text>
      <Fields fields={fields} root="var.input" text={text.toLowerCase()} />
    </Box>
  );
}

function ModuleValues({ upstream, text }: { upstream: Upstream; text: string }) {
  const { t } = useTranslation();
  const known = useKnown();
  const bundles = useMapping((state) => state.bundles);
  const { placed, failed } = upstream;
  const found = known.get(placed.module)?.module;
  const bundle = bundles[placed.id] ?? found?.sample;
  const output = useOutput(placed, found);
  const fields = failed ? mappable(FAILED_OUTPUT, FAILED_SAMPLE) : mappable(output, bundle);
  return (
    <Box mb="sm">
      <Text fw={600} size="sm">
        {placed.id}. {labelOf(placed, known)}
        {failed && ` (${t("failed")})`}
      </Text>
      {fields.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("It gives nothing that is known before it runs.")}
        </Text>
      )}
      <Fields fields={fields} root={String(placed.id)} text={text.toLowerCase()} />
    </Box>
  );
}

/** The declared fields of a module's bundles; of one that calls, what is returned to it. */
function useOutput(placed: PlacedModule, module: ModuleView | undefined): Plain {
  const output = (module?.output ?? {}) as Plain;
  const called = module?.kind === "caller" ? placed.map?.scenario : undefined;
  const isKnown = typeof called === "string" && called !== "" && !called.includes("{{");
  const found = useQuery<ScenarioView, Error>({
    queryKey: ["scenarios", called],
    queryFn: () => get(`/scenarios/${part(String(called))}`),
    enabled: isKnown,
    retry: false,
  }).data?.document as ScenarioDocument | undefined;
  const outputs = found?.outputs ?? [];
  if (outputs.length === 0) return output;
  const titled = outputs.map((one) => [one.name, { title: one.label || one.name }]);
  const data = { title: "Returned data", properties: Object.fromEntries(titled) };
  return { ...output, properties: { ...(output.properties as Plain), data } };
}

type Plain = Record<string, unknown>;
type FieldsProps = { fields: Mappable[]; root: string; text: string };

function Fields({ fields, root, text }: FieldsProps) {
  return fields
    .filter((field) => mentions(field, text))
    .map((field) => (
      <Box key={field.path}>
        <Insertable text={`{{${root}.${field.path}}}`}>
          <span>{field.title}</span>
          <span className="value-sample">{brief(field.sample)}</span>
        </Insertable>
        {field.members.length > 0 && (
          <Box pl="md">
            <Fields fields={field.members} root={root} text={text} />
          </Box>
        )}
      </Box>
    ));
}

function mentions(field: Mappable, text: string): boolean {
  const own = `${field.title} ${field.path}`.toLowerCase().includes(text);
  return own || field.members.some((one) => mentions(one, text));
}

function brief(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return `[${value.length}]`;
  return typeof value === "object" ? "{…}" : String(value);
}

function Functions({ text }: { text: string }) {
  const functions = useVocabulary().data?.functions ?? [];
  const words = text.toLowerCase();
  const found = functions.filter((one) =>
    `${one.name} ${one.help} ${one.group}`.toLowerCase().includes(words),
  );
  const groups = Map.groupBy(found, (one) => one.group);
  return (
    <Accordion multiple defaultValue={[]} value={words ? [...groups.keys()] : undefined} order={3}>
      {[...groups].map(([group, members]) => (
        <Accordion.Item key={group} value={group}>
          <Accordion.Control>{group}</Accordion.Control>
          <Accordion.Panel>
            {members.map((one) => (
              <FunctionRow key={one.name} function_={one} />
            ))}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function FunctionRow({ function_: one }: { function_: FunctionView }) {
  return (
    <Box mb={6}>
      <Insertable text={`{{${one.name}()}}`} back={3}>
        <b>{one.signature}</b>
      </Insertable>
      <Text size="xs" px={6}>
        {one.help}
      </Text>
      <Text size="xs" c="dimmed" px={6}>
        {one.example} = {one.result}
      </Text>
    </Box>
  );
}

/** Something that is put into the field written in last. */
function Insertable(props: { text: string; back?: number; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="value-row"
      onClick={() => {
        if (!insertText(props.text, props.back)) {
          complain(t("Click into the field that it should go to first."));
        }
      }}
    >
      {props.children}
    </button>
  );
}
