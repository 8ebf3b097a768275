import {
  ActionIcon,
  Button,
  Checkbox,
  Code,
  Group,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconKey, IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { part, post, remove } from "../api/client";
import { useTokens } from "../api/queries";
import type { TokenView } from "../api/schema";
import { useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";
import { CopyButton } from "../parts/Copy";
import { Dialog } from "../parts/Dialog";
import { Listed } from "../parts/Listed";
import { Moment } from "../parts/Moment";
import { Rows } from "../parts/Rows";
import { Trouble } from "../parts/Trouble";

export function Tokens() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const tokens = useTokens();
  return (
    <Listed
      title={t("API tokens")}
      about={t("What programs show instead of a password.")}
      action={
        <Button leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
          {t("Create a token")}
        </Button>
      }
    >
      {tokens.error && <Trouble error={tokens.error} />}
      <Rows
        label={t("API tokens")}
        heads={[t("Name"), t("May"), t("Since"), t("Used"), t("Actions")]}
        loading={tokens.isLoading}
      >
        {tokens.data?.map((one) => (
          <TokenRow key={one.id} token={one} />
        ))}
      </Rows>
      {tokens.data?.length === 0 && <Text c="dimmed">{t("There is none.")}</Text>}
      {adding && <NewToken onClose={() => setAdding(false)} />}
    </Listed>
  );
}

function TokenRow({ token }: { token: TokenView }) {
  const { t } = useTranslation();
  const discard = useAct(() => remove(`/tokens/${part(token.id)}`), { stale: ["tokens"] });
  const ask = async () => {
    const agreed = await confirm({
      title: t("Remove {{name}}?", { name: token.name }),
      text: t("The program that shows it is refused from then on."),
      action: t("Remove"),
    });
    if (agreed) discard.mutate(undefined);
  };
  return (
    <Table.Tr>
      <Table.Td>{token.name}</Table.Td>
      <Table.Td>{token.read_only ? t("look") : t("look and change")}</Table.Td>
      <Table.Td>
        <Moment at={token.created_at} />
      </Table.Td>
      <Table.Td>
        <Moment at={token.used_at} empty={t("never")} />
      </Table.Td>
      <Table.Td>
        <ActionIcon aria-label={t("Remove {{name}}", { name: token.name })} onClick={ask}>
          <IconTrash size={18} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [readOnly, setReadOnly] = useState(false);
  const add = useAct(() => post<TokenView>("/tokens", { name, read_only: readOnly }), {
    stale: ["tokens"],
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <Dialog onClose={onClose} title={t("Create a token")}>
      {add.data ? (
        <Stack>
          <Text>{t("Send it as Authorization: Bearer TOKEN. It is shown this once.")}</Text>
          <Code block tabIndex={0}>
            {add.data.token}
          </Code>
          <Group justify="space-between">
            <CopyButton
              text={add.data.token ?? ""}
              label={t("Copy the token")}
              done={t("The token is on the clipboard")}
            />
            <Button onClick={onClose}>{t("OK")}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label={t("Name")}
              description={t("By which you will know it again.")}
              required
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            <Checkbox
              label={t("It may look, and change nothing")}
              checked={readOnly}
              onChange={(event) => setReadOnly(event.currentTarget.checked)}
            />
            {add.error && <Trouble error={add.error} />}
            <Group justify="flex-end">
              <Button
                type="submit"
                loading={add.isPending}
                disabled={!name}
                leftSection={<IconKey size={18} />}
              >
                {t("Create")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
