/** What a command agent may be handed beside its input; each file has as many bytes at most. */
export const mostAttachments = 16;
export const mostAttachmentBytes = 8 << 20;
/** All of them together: what one call may carry, with an artifact beside them. */
export const mostAttachedBytes = 16 << 20;
