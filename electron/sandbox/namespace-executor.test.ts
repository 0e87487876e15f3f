import { conforms } from './testing/conformance.ts';
import { namespaceExecutor, sandboxUid } from './testing/namespace-house.ts';

conforms('namespace', sandboxUid, { memory: false }, (data) => Promise.resolve(namespaceExecutor(data)));
