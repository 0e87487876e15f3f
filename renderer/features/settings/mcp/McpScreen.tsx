import { usePlace } from '../../../ui/place.ts';
import { McpPage } from './McpPage.tsx';
import { ServerPage } from './servers/ServerPage.tsx';

/** Below Settings: programs that speak with Holdfast and servers of tools, or one of these servers. */
export function McpScreen() {
  const [, server] = usePlace().within;
  if (server === undefined) return <McpPage />;
  const name = decodeURIComponent(server);
  return <ServerPage key={name} name={name} />;
}
