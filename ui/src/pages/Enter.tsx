import { Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { queries } from "../api/queries";
import type { SessionView } from "../api/schema";
import { useAct } from "../parts/act";
import { revealing } from "../parts/revealing";
import { Trouble } from "../parts/Trouble";

const LEAST = 10;

/** Where people come in: with the console's code at first, with a password later. */
export function Enter({ awaitsOwner }: { awaitsOwner: boolean }) {
  const { t } = useTranslation();
  const [code, setCode] = useState(window.location.hash.slice(1));
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const enter = useAct(
    () =>
      awaitsOwner
        ? post<SessionView>("/session/first", { code, name, password })
        : post<SessionView>("/session", { name, password }),
    { quiet: true },
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const session = await enter.mutateAsync(undefined);
    if (window.location.hash) window.history.replaceState(null, "", window.location.pathname);
    queries.setQueryData(["session"], session);
  };
  const isComplete = name && password.length >= (awaitsOwner ? LEAST : 1) && (!awaitsOwner || code);
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" w={420} maw="100%">
        <form onSubmit={(event) => submit(event).catch(() => {})}>
          <Stack>
            <Title order={1} size="h3">
              {awaitsOwner ? t("Welcome to Trunkline") : t("Enter Trunkline")}
            </Title>
            {awaitsOwner && (
              <>
                <Text>
                  {t("Nobody has entered yet. Choose the name and the password of the owner.")}
                </Text>
                <TextInput
                  label={t("One-time code")}
                  description={t("The server printed it on its console when it started.")}
                  required
                  value={code}
                  onChange={(event) => setCode(event.currentTarget.value)}
                  autoComplete="off"
                />
              </>
            )}
            <TextInput
              label={t("Name")}
              required
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              autoComplete="username"
              data-autofocus
            />
            <PasswordInput
              label={t("Password")}
              description={
                awaitsOwner
                  ? t("At least {{count}} characters; three unrelated words are easy to keep.", {
                      count: LEAST,
                    })
                  : undefined
              }
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete={awaitsOwner ? "new-password" : "current-password"}
              visibilityToggleButtonProps={revealing(t("Show the password"))}
            />
            {enter.error && <Trouble error={enter.error} />}
            <Button type="submit" loading={enter.isPending} disabled={!isComplete}>
              {awaitsOwner ? t("Begin") : t("Enter")}
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
