import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Group,
  Paper,
  PasswordInput,
  SegmentedControl,
  Select,
  Stack,
  Table,
  Tabs,
  Text,
  TextInput,
  useMantineColorScheme,
} from "@mantine/core";
import { IconCheck, IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { part, post, put, remove } from "../api/client";
import { useDoctor, useSession, useUsers } from "../api/queries";
import type { UserView } from "../api/schema";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n";
import { useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";
import { Dialog } from "../parts/Dialog";
import { Listed } from "../parts/Listed";
import { Moment } from "../parts/Moment";
import { Page } from "../parts/Page";
import { Rows } from "../parts/Rows";
import { revealing } from "../parts/revealing";
import { Trouble } from "../parts/Trouble";
import { Backups } from "./Backups";
import { Storage } from "./Storage";
import { Tokens } from "./Tokens";

export function Settings() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const choose = (tab: string | null) => setParams({ tab: tab ?? "you" }, { replace: true });
  return (
    <Page title={t("Settings")}>
      <Tabs value={params.get("tab") ?? "you"} onChange={choose} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="you">{t("You")}</Tabs.Tab>
          <Tabs.Tab value="users">{t("Users")}</Tabs.Tab>
          <Tabs.Tab value="tokens">{t("API tokens")}</Tabs.Tab>
          <Tabs.Tab value="storage">{t("Storage")}</Tabs.Tab>
          <Tabs.Tab value="backup">{t("Backup")}</Tabs.Tab>
          <Tabs.Tab value="server">{t("Server")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="you">
          <You />
        </Tabs.Panel>
        <Tabs.Panel value="users">
          <Users />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <Tokens />
        </Tabs.Panel>
        <Tabs.Panel value="storage">
          <Storage />
        </Tabs.Panel>
        <Tabs.Panel value="backup">
          <Backups />
        </Tabs.Panel>
        <Tabs.Panel value="server">
          <Server />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function You() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const session = useSession().data;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Stack maw={480}>
      <Select
        label={t("Language")}
        value={i18n.language}
        allowDeselect={false}
        onChange={(value) => value && chooseLanguage(value as Language)}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      />
      <div>
        <Text size="sm" fw={500} id="appearance">
          {t("Appearance")}
        </Text>
        <SegmentedControl
          aria-labelledby="appearance"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
          data={[
            { value: "auto", label: t("As the system") },
            { value: "light", label: t("Light") },
            { value: "dark", label: t("Dark") },
          ]}
        />
      </div>
      <Text>
        {t("Times are shown in your zone, {{zone}}. Scenarios have zones of their own.", { zone })}
      </Text>
      {session?.name && <Password name={session.name} />}
    </Stack>
  );
}

function Password({ name }: { name: string }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const change = useAct(() => put(`/users/${part(name)}/password`, { password }), {
    stale: ["session"],
    said: t("The password was changed. Enter with the new one."),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(undefined);
  };
  return (
    <Paper withBorder p="md">
      <form onSubmit={submit}>
        <Stack>
          <PasswordInput
            label={t("New password")}
            description={t("All sessions end, this one too.")}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            visibilityToggleButtonProps={revealing(t("Show the password"))}
          />
          <Group>
            <Button type="submit" variant="default" disabled={!password} loading={change.isPending}>
              {t("Change the password")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function Users() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const users = useUsers();
  return (
    <Listed
      title={t("Users")}
      about={t("Whoever is listed here may see and change everything.")}
      action={
        <Button leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
          {t("Add a user")}
        </Button>
      }
    >
      {users.error && <Trouble error={users.error} />}
      <Rows
        label={t("Users")}
        heads={[t("Name"), t("Since"), t("Actions")]}
        loading={users.isLoading}
      >
        {users.data?.map((one) => (
          <UserRow key={one.id} user={one} isLast={users.data.length === 1} />
        ))}
      </Rows>
      {adding && <NewUser onClose={() => setAdding(false)} />}
    </Listed>
  );
}

function UserRow({ user, isLast }: { user: UserView; isLast: boolean }) {
  const { t } = useTranslation();
  const discard = useAct(() => remove(`/users/${part(user.name)}`), {
    stale: ["users", "session"],
  });
  const ask = async () => {
    const agreed = await confirm({
      title: t("Remove {{name}}?", { name: user.name }),
      text: t("Their sessions end, and their tokens with them."),
      action: t("Remove"),
    });
    if (agreed) discard.mutate(undefined);
  };
  return (
    <Table.Tr>
      <Table.Td>{user.name}</Table.Td>
      <Table.Td>
        <Moment at={user.created_at} />
      </Table.Td>
      <Table.Td>
        <ActionIcon
          aria-label={t("Remove {{name}}", { name: user.name })}
          disabled={isLast}
          onClick={ask}
        >
          <IconTrash size={18} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

function NewUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const add = useAct(() => post("/users", { name, password }), { stale: ["users"], quiet: true });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await add.mutateAsync(undefined);
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={t("Add a user")}>
      <form onSubmit={(event) => submit(event).catch(() => {})}>
        <Stack>
          <TextInput
            label={t("Name")}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <PasswordInput
            label={t("First password")}
            description={t("Tell it to them; they can change it.")}
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            visibilityToggleButtonProps={revealing(t("Show the password"))}
          />
          {add.error && <Trouble error={add.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={add.isPending} disabled={!name || !password}>
              {t("Add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function Server() {
  const { t } = useTranslation();
  const doctor = useDoctor();
  return (
    <Listed
      title={t("Server")}
      about={t("What trunkline doctor looks at.")}
      action={
        <Button variant="default" onClick={() => doctor.refetch()} loading={doctor.isFetching}>
          {t("Look again")}
        </Button>
      }
    >
      {doctor.error && <Trouble error={doctor.error} />}
      <Rows
        label={t("Server")}
        heads={[t("What"), t("Well"), t("Found")]}
        loading={doctor.isLoading}
      >
        {doctor.data?.map((one) => (
          <Table.Tr key={one.name}>
            <Table.Td>{t(`check ${one.name}`, { defaultValue: one.name })}</Table.Td>
            <Table.Td>
              {one.well ? (
                <Badge
                  variant="outline"
                  color="green"
                  tt="none"
                  leftSection={<IconCheck size={14} />}
                  styles={{ label: { color: "var(--mantine-color-text)" } }}
                >
                  {t("yes")}
                </Badge>
              ) : (
                <Badge
                  variant="outline"
                  color="red"
                  tt="none"
                  styles={{ label: { color: "var(--mantine-color-text)" } }}
                >
                  {t("no")}
                </Badge>
              )}
            </Table.Td>
            <Table.Td>
              {one.found}
              {one.advice && (
                <Alert color="orange" variant="outline">
                  {one.advice}
                </Alert>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Rows>
    </Listed>
  );
}
