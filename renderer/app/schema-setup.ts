import { z } from 'zod';

/**
 * The page's CSP forbids code made from strings, which zod would otherwise try and be reported for.
 * Imported before anything that holds a schema.
 */
z.config({ jitless: true });
