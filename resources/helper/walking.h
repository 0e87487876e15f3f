#ifndef HOLDFAST_WALKING_H
#define HOLDFAST_WALKING_H

/* Everything below a folder, folders before what is in them and through no link. */
_Noreturn void walk(const char *path);
_Noreturn void remove_tree(const char *path);

#endif
