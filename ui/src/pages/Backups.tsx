import {
  ActionIcon,
  Alert,
  Button,
  Code,
  Group,
  Progress,
  Stack,
  Table,
  Text,
} from "@mantine/core";
import { IconDatabaseExport, IconDownload, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { part, post, remove } from "../api/client";
import { useBackups, useReview } from "../api/queries";
import type { BackupProgress, SavedBackup, SavedBackups } from "../api/schema";
import { useAct } from "../parts/act";
import { confirm } from "../parts/Confirm";
import { Listed } from "../parts/Listed";
import { Moment } from "../parts/Moment";
import { Rows } from "../parts/Rows";
import { asSize } from "../parts/size";
import { Trouble } from "../parts/Trouble";

/** Backups on the server's disk, and what restoring one means. */
export function Backups() {
  const { t } = useTranslation();
  const backups = useBackups();
  const make = useAct(() => post<SavedBackups>("/backups/saved"), { stale: ["backups"] });
  const found = backups.data;
  return (
    <Listed
      title={t("Backup")}
      about={t("All data of one moment in one file; the server goes on meanwhile.")}
      action={
        <Button
          leftSection={<IconDatabaseExport size={18} />}
          onClick={() => make.mutate(undefined)}
          loading={make.isPending || found?.progress.under_way}
        >
          {t("Make a backup now")}
        </Button>
      }
    >
      <Review />
      {backups.error && <Trouble error={backups.error} again={backups.refetch} />}
      {found && <UnderWay of={found.progress} />}
      <Saved found={found} loading={backups.isLoading} />
      <Meaning />
    </Listed>
  );
}

/** How far the one under way has come, or why the last one was not made. */
function UnderWay({ of }: { of: BackupProgress }) {
  const { t, i18n } = useTranslation();
  if (of.trouble) {
    return (
      <Alert color="red" variant="outline">
        {of.trouble}
      </Alert>
    );
  }
  if (!of.under_way) return null;
  const sizes = { done: asSize(of.done, i18n.language), of: asSize(of.of, i18n.language) };
  const said = {
    waiting: t("Another backup is made first."),
    copying: t("Copying the data: {{done}} of {{of}}", sizes),
    packing: t("Packing: {{done}} of {{of}}", sizes),
  }[of.step];
  return (
    <div>
      <Text role="status">{said}</Text>
      <Progress
        value={of.of ? Math.min(100, (100 * of.done) / of.of) : 0}
        aria-label={t("Progress of the backup")}
      />
    </div>
  );
}

function Saved({ found, loading }: { found: SavedBackups | undefined; loading: boolean }) {
  const { t, i18n } = useTranslation();
  if (found?.backups.length === 0) {
    return <Text>{t("No backup is on this server's disk yet.")}</Text>;
  }
  return (
    <>
      {found && (
        <Text size="sm">
          {t("They lie in")} <Code>{found.folder}</Code>,{" "}
          {t(
            "where {{size}} are free: the disk of the data itself. Download them, or copy them elsewhere.",
            {
              size: asSize(found.disk_free_bytes, i18n.language),
            },
          )}
        </Text>
      )}
      <Rows
        label={t("Backups")}
        heads={[t("Made"), t("Size"), t("What is in it"), t("Actions")]}
        loading={loading}
      >
        {found?.backups.map((one) => (
          <Line key={one.name} backup={one} />
        ))}
      </Rows>
    </>
  );
}

function Line({ backup }: { backup: SavedBackup }) {
  const { t, i18n } = useTranslation();
  const path = `/backups/saved/${part(backup.name)}`;
  const discard = useAct(() => remove(path), {
    stale: ["backups"],
    said: t("The backup was removed."),
  });
  const ask = async () => {
    const agreed = await confirm({
      title: t("Remove this backup?"),
      text: t("{{name}} is erased from the server's disk; copies elsewhere stay.", {
        name: backup.name,
      }),
      action: t("Remove"),
    });
    if (agreed) discard.mutate(undefined);
  };
  return (
    <Table.Tr>
      <Table.Td>
        <Moment at={backup.made_at} />
        <Text size="sm" c="dimmed">
          {backup.name}
        </Text>
      </Table.Td>
      <Table.Td>{asSize(backup.bytes, i18n.language)}</Table.Td>
      <Table.Td>
        {backup.trouble ? (
          <Text c="var(--mantine-color-error)">{backup.trouble}</Text>
        ) : (
          t("Scenarios: {{scenarios}}, deliveries: {{deliveries}}, executions: {{executions}}", {
            ...backup.holds,
          })
        )}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <ActionIcon
            component="a"
            href={`/api/v1${path}`}
            download={backup.name}
            aria-label={t("Download {{name}}", { name: backup.name })}
          >
            <IconDownload size={18} />
          </ActionIcon>
          <ActionIcon
            aria-label={t("Remove {{name}}", { name: backup.name })}
            loading={discard.isPending}
            onClick={ask}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** What is in a backup, what is not, and what becomes of it. */
function Meaning() {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text fw={600}>{t("What a restore is")}</Text>
      <Text>
        {t(
          "The key is not in a backup. Keep the file named key (or TRUNKLINE_KEY) in another place: without it nobody can read the secrets in a backup. Sessions are left out, so that everybody enters again.",
        )}
      </Text>
      <Text>
        {t(
          "A restore makes a folder of a backup. What came after the backup is not in it. Stop the server, then, on the machine:",
        )}
      </Text>
      <Code block tabIndex={0}>
        trunkline restore BACKUP.zip --key-file KEY --data FOLDER
      </Code>
      <Text>
        {t(
          "Where the folder holds something already, --replace sets it aside first. The restored server does nothing by itself until you confirm it here, or with trunkline restore --confirm: what it did after the backup, it would do again.",
        )}
      </Text>
    </Stack>
  );
}

/** A restored folder waits: what becomes of what the backup found unfinished. */
function Review() {
  const { t } = useTranslation();
  const review = useReview().data;
  const decide = useAct((unfinished: "run" | "cancel") => post("/review/confirm", { unfinished }), {
    stale: ["review", "doctor", "executions", "deliveries"],
    said: t("The restored server works again."),
  });
  if (!review?.pending) return null;
  return (
    <Alert color="orange" variant="outline" title={t("This server was restored from a backup")}>
      <Stack gap="xs">
        <Text>
          {t("The backup was made:")} <Moment at={review.backup_made_at} />.{" "}
          {t("Nothing runs until you confirm; what arrives is stored and waits.")}{" "}
          {t(
            "Unfinished executions: {{number}}. What they did after the backup, they would do again.",
            {
              number: review.unfinished,
            },
          )}
        </Text>
        <Group>
          <Button loading={decide.isPending} onClick={() => decide.mutate("run")}>
            {t("Confirm, and let them go on")}
          </Button>
          <Button
            variant="default"
            loading={decide.isPending}
            onClick={() => decide.mutate("cancel")}
          >
            {t("Confirm, and cancel them")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
