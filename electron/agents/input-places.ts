/** Where inputs lie in a sandbox. */
export const inputFolder = '/holdfast/input';

export const attachmentFolder = `${inputFolder}/attachments`;
