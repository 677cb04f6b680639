/* What SpeexDSP is compiled with instead of the C library's heap and standard error: its memory is taken from the arena
 * that native/echo was given, once, while a canceller is made. */
#ifndef EARSHOT_ECHO_OS_SUPPORT_CUSTOM_H
#define EARSHOT_ECHO_OS_SUPPORT_CUSTOM_H

/* echo.c: zeroed bytes of the arena; NULL when it is used up. */
void *es_echo_take(int bytes);

#define OVERRIDE_SPEEX_ALLOC
static inline void *speex_alloc(int size) { return es_echo_take(size); }
#define OVERRIDE_SPEEX_ALLOC_SCRATCH
static inline void *speex_alloc_scratch(int size) { return es_echo_take(size); }
#define OVERRIDE_SPEEX_REALLOC
#define OVERRIDE_SPEEX_FREE
static inline void speex_free(void *ptr) { (void)ptr; }
#define OVERRIDE_SPEEX_FREE_SCRATCH
static inline void speex_free_scratch(void *ptr) { (void)ptr; }
#define OVERRIDE_SPEEX_FATAL
static inline void _speex_fatal(const char *str, const char *file, int line) {
    (void)str;
    (void)file;
    (void)line;
}
#define OVERRIDE_SPEEX_WARNING
static inline void speex_warning(const char *str) { (void)str; }
#define OVERRIDE_SPEEX_WARNING_INT
static inline void speex_warning_int(const char *str, int val) {
    (void)str;
    (void)val;
}
#define OVERRIDE_SPEEX_NOTIFY
static inline void speex_notify(const char *str) { (void)str; }
#define OVERRIDE_SPEEX_PUTC
static inline void _speex_putc(int ch, void *file) {
    (void)ch;
    (void)file;
}

#endif
