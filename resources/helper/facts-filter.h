#ifndef HOLDFAST_FACTS_FILTER_H
#define HOLDFAST_FACTS_FILTER_H

#include <stdbool.h>

/*
 * From now on, for this process and its children, nothing changes a file's mode, owner, times or attributes. Landlock
 * judges none of these, so it is for those who may write nowhere.
 */
bool keep_facts_of_files(void);

#endif
