#ifndef HOLDFAST_PROBE_H
#define HOLDFAST_PROBE_H

/* One line of JSON: what this kernel offers. */
int probe(void);

#endif
