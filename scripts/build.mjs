// npm run build: what npm start does before it starts.
import { begin, ensureBuilt } from './setup/ready.mjs';

await begin(ensureBuilt);
