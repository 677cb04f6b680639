/* Speaks lines with the flite voices of Debian and tells when each phone and word ends. Used by voices.py; no part of
 * the firmware.
 *
 * In (standard input), a line:  voice TAB stretch TAB pitch TAB words
 * Out (standard output):  one line of text, "rate samples phone:end_ms,... word_index:begin_ms:end_ms,...", then the
 * samples as native int16; rate 0 and no samples for a line that could not be spoken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flite/flite.h>

cst_voice *register_cmu_us_slt(const char *);
cst_voice *register_cmu_us_rms(const char *);
cst_voice *register_cmu_us_awb(const char *);
cst_voice *register_cmu_us_kal16(const char *);

static cst_voice *voice_of(const char *name) {
    static const struct {
        const char *name;
        cst_voice *(*make)(const char *);
    } known[] = {{"slt", register_cmu_us_slt},
                 {"rms", register_cmu_us_rms},
                 {"awb", register_cmu_us_awb},
                 {"kal16", register_cmu_us_kal16}};
    static cst_voice *made[4];
    for (int i = 0; i < 4; i++) {
        if (strcmp(name, known[i].name) != 0)
            continue;
        if (made[i] == NULL)
            made[i] = known[i].make(NULL);
        return made[i];
    }
    return NULL;
}

static int milliseconds(const cst_item *segment) {
    return (int)(item_feat_float(segment, "end") * 1000 + 0.5f);
}

/* Number of the token that a segment belongs to, or -1 in a pause. Tokens carry "number", set by the caller. */
static int token_of(const cst_item *segment) {
    cst_item *syllable = item_parent(item_as(segment, "SylStructure"));
    cst_item *word = syllable != NULL ? item_parent(syllable) : NULL;
    cst_item *token = word != NULL ? item_parent(item_as(word, "Token")) : NULL;
    return token != NULL && item_feat_present(token, "number") ? item_feat_int(token, "number") : -1;
}

static void print_times(cst_utterance *utterance) {
    int number = 0;
    for (cst_item *t = relation_head(utt_relation(utterance, "Token")); t != NULL; t = item_next(t))
        item_set_int(t, "number", number++);
    cst_item *first = relation_head(utt_relation(utterance, "Segment"));
    for (cst_item *s = first; s != NULL; s = item_next(s))
        printf("%s%s:%d", s == first ? "" : ",", item_feat_string(s, "name"), milliseconds(s));
    putchar(' ');
    int open = -1, begin = 0, before = 0;
    for (cst_item *s = first; s != NULL; s = item_next(s)) {
        int token = token_of(s);
        if (token != open) {
            if (open >= 0)
                printf("%d:%d:%d,", open, begin, before);
            open = token;
            begin = before;
        }
        before = milliseconds(s);
    }
    if (open >= 0)
        printf("%d:%d:%d,", open, begin, before);
    putchar('\n');
}

static void speak(cst_voice *voice, double stretch, double pitch, const char *words) {
    feat_set_float(voice->features, "duration_stretch", (float)stretch);
    feat_set_float(voice->features, "f0_shift", (float)pitch);
    cst_utterance *utterance = flite_synth_text(words, voice);
    cst_wave *wave = utterance != NULL ? utt_wave(utterance) : NULL;
    if (wave == NULL || wave->num_samples == 0 || wave->num_channels != 1) {
        printf("0 0 - -\n");
    } else {
        printf("%d %d ", wave->sample_rate, wave->num_samples);
        print_times(utterance);
        fwrite(wave->samples, sizeof(short), (size_t)wave->num_samples, stdout);
    }
    fflush(stdout);
    if (utterance != NULL)
        delete_utterance(utterance);
}

int main(void) {
    char line[4096];
    flite_init();
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *stretch = strchr(line, '\t'), *pitch = stretch != NULL ? strchr(stretch + 1, '\t') : NULL;
        char *words = pitch != NULL ? strchr(pitch + 1, '\t') : NULL;
        if (words == NULL) {
            fprintf(stderr, "flite_speak: expected voice, stretch, pitch and words, found \"%s\"\n", line);
            return 2;
        }
        *stretch++ = *pitch++ = *words++ = '\0';
        cst_voice *voice = voice_of(line);
        if (voice == NULL) {
            fprintf(stderr, "flite_speak: no voice is called \"%s\"\n", line);
            return 2;
        }
        speak(voice, atof(stretch), atof(pitch), words);
    }
    return 0;
}
