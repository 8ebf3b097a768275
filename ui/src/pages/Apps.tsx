import {
  Accordion,
  Badge,
  Box,
  Group,
  SimpleGrid,
  Skeleton,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useApps } from "../api/queries";
import type { AppView, ModuleView } from "../api/schema";
import { AppIcon } from "../parts/AppIcon";
import { Json } from "../parts/Json";
import { Page } from "../parts/Page";
import { Trouble } from "../parts/Trouble";

export function Apps() {
  const { t } = useTranslation();
  const apps = useApps();
  return (
    <Page title={t("Apps")} about={t("What Trunkline can talk to, and what it can do there.")}>
      {apps.error && <Trouble error={apps.error} again={apps.refetch} />}
      {apps.isLoading && <Skeleton h={200} />}
      {apps.data?.map((app) => (
        <App key={app.key} app={app} />
      ))}
    </Page>
  );
}

function App({ app }: { app: AppView }) {
  const { t } = useTranslation();
  return (
    <Box mb="xl" component="section" aria-label={app.title}>
      <Group mb="xs" wrap="nowrap">
        <AppIcon app={app.key} />
        <Box>
          <Title order={2} size="h4">
            {app.title}
          </Title>
          <Text c="dimmed">{app.description}</Text>
        </Box>
      </Group>
      {app.connection_help && (
        <Text size="sm" mb="xs" style={{ whiteSpace: "pre-line" }}>
          {t("Connection: {{help}}", { help: app.connection_help })}
        </Text>
      )}
      <Accordion variant="contained" order={3}>
        {app.modules.map((module) => (
          <Accordion.Item key={module.name} value={module.name}>
            <Accordion.Control>
              <Group gap="xs">
                <Text fw={600}>{module.label}</Text>
                <Badge variant="default" tt="none">
                  {t(`kind ${module.kind}`, { defaultValue: module.kind })}
                </Badge>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Module module={module} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Box>
  );
}

function Module({ module }: { module: ModuleView }) {
  const { t } = useTranslation();
  return (
    <>
      <Text mb="sm">{module.description}</Text>
      <SimpleGrid cols={{ base: 1, md: module.sample ? 2 : 1 }}>
        {module.fields.length > 0 && (
          <Table aria-label={t("Fields of {{label}}", { label: module.label })}>
            <Table.Tbody>
              {module.fields.map((field) => (
                <Table.Tr key={field.name}>
                  <Table.Th scope="row" fw={field.mandatory ? 700 : 400}>
                    {field.label}
                  </Table.Th>
                  <Table.Td>{field.help}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {module.sample && <Json value={module.sample} label={t("Sample")} />}
      </SimpleGrid>
    </>
  );
}
