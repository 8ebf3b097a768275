import { Center, Loader } from "@mantine/core";
import { useEffect } from "react";
import { Redirect, Route, Switch } from "wouter";
import { sessionEnded } from "./api/client";
import { useNews } from "./api/events";
import { queries, useSession } from "./api/queries";
import { Apps } from "./pages/Apps";
import { Connections } from "./pages/Connections";
import { DataStore } from "./pages/DataStore";
import { DataStores } from "./pages/DataStores";
import { Enter } from "./pages/Enter";
import { Executions } from "./pages/Executions";
import { Home } from "./pages/Home";
import { NotFound } from "./pages/NotFound";
import { Scenarios } from "./pages/Scenarios";
import { Settings } from "./pages/Settings";
import { Webhook } from "./pages/Webhook";
import { Webhooks } from "./pages/Webhooks";
import { later } from "./parts/later";
import { Trouble } from "./parts/Trouble";
import { Shell } from "./shell/Shell";

const Editor = later<{ id: string | null }>(() => import("./editor/Editor"), <Waiting />);
const Execution = later<{ id: string }>(() => import("./pages/Execution"), <Waiting />);

// Who comes for one of these need not wait until it is known who it is.
if (/^\/scenarios\/./.test(window.location.pathname)) Editor.load();
if (/^\/executions\/./.test(window.location.pathname)) Execution.load();

export function App() {
  const session = useSession();
  const entered = Boolean(session.data?.name);
  useNews(entered);
  useEffect(() => {
    const ended = () => queries.invalidateQueries({ queryKey: ["session"] });
    sessionEnded.addEventListener("ended", ended);
    return () => sessionEnded.removeEventListener("ended", ended);
  }, []);

  if (session.error) return <Trouble error={session.error} again={() => session.refetch()} />;
  if (!session.data) return <Waiting />;
  if (!entered) return <Enter awaitsOwner={session.data.awaits_owner ?? false} />;
  return (
    <Shell session={session.data}>
      <Switch>
        <Route path="/" component={Home} />
        <Route path="/scenarios" component={Scenarios} />
        <Route path="/scenarios/new">
          <Editor id={null} key="new" />
        </Route>
        <Route path="/scenarios/:id">{({ id }) => <Editor id={id} key={id} />}</Route>
        <Route path="/executions" component={Executions} />
        <Route path="/executions/:id">{({ id }) => <Execution id={id} key={id} />}</Route>
        <Route path="/connections" component={Connections} />
        <Route path="/webhooks" component={Webhooks} />
        <Route path="/webhooks/:id">{({ id }) => <Webhook id={id} key={id} />}</Route>
        <Route path="/datastores" component={DataStores} />
        <Route path="/datastores/:id">{({ id }) => <DataStore id={id} key={id} />}</Route>
        <Route path="/apps" component={Apps} />
        <Route path="/settings" component={Settings} />
        <Route path="/enter">
          <Redirect to="/" />
        </Route>
        <Route component={NotFound} />
      </Switch>
    </Shell>
  );
}

function Waiting() {
  return (
    <Center h="60vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
