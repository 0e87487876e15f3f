import { z } from 'zod';

export const memoryCategories = ['fact', 'observation', 'decision', 'preference'] as const;
export const memoryCategorySchema = z.enum(memoryCategories);
export type MemoryCategory = z.infer<typeof memoryCategorySchema>;
