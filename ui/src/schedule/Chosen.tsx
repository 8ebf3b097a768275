import { Button, Group, Input } from "@mantine/core";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { localeOf } from "../i18n/locale";
import { nameOfMonth, nameOfWeekday } from "./words";

type Props = {
  label: string;
  value: number[];
  error?: string;
  onChange: (value: number[]) => void;
};

export function Weekdays(props: Props) {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  const days = [1, 2, 3, 4, 5, 6, 0];
  return <Chosen {...props} numbers={days} nameOf={(day) => nameOfWeekday(day, locale)} />;
}

export function Monthdays(props: Props) {
  const days = Array.from({ length: 31 }, (_, index) => index + 1);
  return <Chosen {...props} numbers={days} nameOf={String} columns={7} />;
}

export function Months(props: Props) {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  const months = Array.from({ length: 12 }, (_, index) => index + 1);
  return <Chosen {...props} numbers={months} nameOf={(one) => nameOfMonth(one, locale)} />;
}

type ChosenProps = Props & {
  numbers: number[];
  nameOf: (number: number) => string;
  /** How many stand in a row, for the arrows up and down. */
  columns?: number;
};

/** Several of a few numbers: one stop of the Tab key, arrows within, Space chooses. */
function Chosen({ label, value, error, onChange, numbers, nameOf, columns = 1 }: ChosenProps) {
  const id = useId();
  const buttons = useRef<(HTMLButtonElement | null)[]>([]);
  const [at, setAt] = useState(() => Math.max(0, numbers.indexOf(value[0] ?? -1)));
  const toggle = (number: number) =>
    onChange(
      value.includes(number) ? value.filter((one) => one !== number) : [...value, number].sort(by),
    );
  const press = (event: KeyboardEvent) => {
    const target = goal(event.key, at, columns, numbers.length);
    if (target === null) return;
    event.preventDefault();
    setAt(target);
    buttons.current[target]?.focus();
  };
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      labelProps={{ id }}
      error={error}
      errorProps={{ id: `${id}-error` }}
    >
      <Group
        gap={4}
        mt={4}
        role="group"
        aria-labelledby={error ? `${id} ${id}-error` : id}
        onKeyDown={press}
        maw={columns > 1 ? columns * 50 : undefined}
      >
        {numbers.map((number, index) => (
          <Button
            key={number}
            ref={(button) => {
              buttons.current[index] = button;
            }}
            size="compact-md"
            miw={44}
            variant={value.includes(number) ? "filled" : "default"}
            aria-pressed={value.includes(number)}
            tabIndex={index === at ? 0 : -1}
            onFocus={() => setAt(index)}
            onClick={() => toggle(number)}
          >
            {nameOf(number)}
          </Button>
        ))}
      </Group>
    </Input.Wrapper>
  );
}

const by = (one: number, other: number) => one - other;

function goal(key: string, at: number, columns: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: count - 1 - at,
  };
  const step = steps[key];
  if (step === undefined) return null;
  return Math.min(count - 1, Math.max(0, at + step));
}
