#include "opus_source.h"

#include <string.h>

#include "cost.h"
#include "opus.h"

/* RFC 7845 section 4.6: decode 80 ms before the target of a seek, so that the decoder has converged. */
#define PRE_ROLL 3840
/* Longest hole made up for (10 s): beyond it the piece goes on at once. The decoder fades to silence long before. */
#define LONGEST_HOLE 480000
#define SILENT_FRAME 960
#define MOST_PAGES 131072u /* bytes of pages looked at in one read: two of the largest, 2 s at 500 kbit/s */

typedef struct es_head {
    uint16_t channels;
    uint16_t pre_skip;
    int16_t gain_q8;
} es_head;
#define LAST_PAGE_WORK 2000000u /* bytes looked at for the piece's length; a sound file needs one page's worth */

size_t es_opus_decoder_bytes(void) { return (size_t)opus_decoder_get_size(ES_PLAY_CHANNELS); }

static uint32_t u16(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8; }

/* Samples at 48 kHz that a packet says it holds; 0 for one that says nonsense. */
static uint32_t packet_samples(const uint8_t *head, uint32_t bytes) {
    int samples = opus_packet_get_nb_samples(head, (opus_int32)bytes, ES_PLAY_RATE);
    return samples > 0 ? (uint32_t)samples : 0;
}

static void restart(es_opus *opus, int64_t position) {
    opus_decoder_init(opus->decoder, ES_PLAY_RATE, opus->channels);
    opus_decoder_ctl(opus->decoder, OPUS_SET_GAIN(opus->gain_q8));
    opus->position = position;
    opus->conceal = 0;
    opus->frame_count = 0;
    opus->frame_next = 0;
    opus->pcm_at = 0;
    opus->pcm_count = 0;
    opus->page_open = false;
    opus->unsure = false;
    opus->ended = false;
}

/* The identification header: all of the body of an Opus stream's first page. */
static es_status read_head(const es_ogg_page *page, es_head *head) {
    const uint8_t *at = page->body;
    if (page->body_bytes < 8 || memcmp(at, "OpusHead", 8) != 0) {
        return ES_E_MAGIC;
    }
    if (page->body_bytes < 19) {
        return ES_E_SHORT;
    }
    if ((at[8] & 0xf0) != 0) {
        return ES_E_VERSION;
    }
    if (at[18] != 0) {
        return ES_E_UNSUPPORTED; /* a mapping of several coupled streams */
    }
    if (at[9] < 1 || at[9] > 2) {
        return ES_E_CORRUPT;
    }
    head->channels = at[9];
    head->pre_skip = (uint16_t)u16(at + 10);
    head->gain_q8 = (int16_t)u16(at + 16);
    return ES_OK;
}

/* Finds the first page of an Opus stream: those of other streams may stand before it (RFC 3533 puts all first pages
 * in front). */
static es_status find_stream(const uint8_t *data, size_t bytes, uint64_t *examined, es_ogg_page *page, es_head *head) {
    es_status status = ES_E_MAGIC;
    if (bytes < 4 || memcmp(data, "OggS", 4) != 0) {
        return ES_E_MAGIC;
    }
    if (!es_ogg_page_at(data, bytes, 0, page, examined)) {
        return ES_E_CORRUPT;
    }
    do {
        status = read_head(page, head);
    } while (status == ES_E_MAGIC && (page->flags & ES_OGG_FIRST) &&
             es_ogg_page_at(data, bytes, page->end, page, examined));
    return status;
}

es_status es_opus_check(const uint8_t *data, size_t bytes, es_music_info *info) {
    uint64_t examined = 0;
    es_ogg_page page;
    es_head head;
    es_status status = find_stream(data, bytes, &examined, &page, &head);
    if (status == ES_OK) {
        info->sample_rate = ES_PLAY_RATE;
        info->channels = head.channels;
        info->frames = 0;
        info->opus = true;
    }
    return status;
}

/* Passes over the comment packet, however long; leaves the reader at the first page with sound. */
static es_status skip_tags(es_opus *opus) {
    es_ogg *ogg = &opus->ogg;
    es_ogg_packet packet;
    for (;;) {
        es_ogg_result result = es_ogg_packet_next(ogg, &packet);
        if (result == ES_OGG_OK) {
            break;
        }
        result = es_ogg_page_next(ogg);
        if (result == ES_OGG_END) {
            return ES_E_SHORT;
        }
        if (result != ES_OGG_OK) {
            return ES_E_CORRUPT;
        }
    }
    /* A comment longer than the packet buffer is dropped by the reader: nothing of it is needed. */
    ogg->damaged = 0;
    if (packet.bytes != 0 && (packet.bytes < 8 || memcmp(packet.data, "OpusTags", 8) != 0)) {
        return ES_E_CORRUPT;
    }
    opus->audio = ogg->next;
    return ES_OK;
}

/* Finds where the stream's clock begins: the first page's granule less what the page holds. */
static int64_t first_granule(es_opus *opus) {
    es_ogg *ogg = &opus->ogg;
    int64_t base = 0;
    int64_t before = 0;
    for (int page = 0; page < 64; page++) {
        es_ogg_result result = es_ogg_page_next(ogg);
        es_ogg_packet packet;
        if (result != ES_OGG_OK && result != ES_OGG_GAP) {
            break;
        }
        before += es_ogg_page_sum(ogg, packet_samples);
        if (ogg->page.granule >= 0) {
            /* A last page may say less than it holds: that is trimming, not a clock before zero. */
            base = ogg->page.granule > before ? ogg->page.granule - before : 0;
            break;
        }
        while (es_ogg_packet_next(ogg, &packet) == ES_OGG_OK) {
        }
    }
    ogg->damaged = 0;
    es_ogg_start(ogg, opus->audio, ogg->serial);
    return base;
}

es_status es_opus_open(es_opus *opus, const uint8_t *data, size_t bytes, es_music_info *info) {
    es_ogg_page first, last;
    es_head head;
    int64_t frames = 0;
    es_status status;
    opus->ogg.data = data;
    opus->ogg.bytes = bytes;
    opus->ogg.examined = 0;
    opus->ogg.damaged = 0;
    status = find_stream(data, bytes, &opus->ogg.examined, &first, &head);
    if (status == ES_OK) {
        opus->channels = head.channels;
        opus->pre_skip = head.pre_skip;
        opus->gain_q8 = head.gain_q8;
        es_ogg_start(&opus->ogg, first.end, first.serial);
        status = skip_tags(opus);
    }
    if (status != ES_OK) {
        return status;
    }
    info->sample_rate = ES_PLAY_RATE;
    info->channels = head.channels;
    info->opus = true;
    opus->base = first_granule(opus);
    opus->end = INT64_MAX;
    if (es_ogg_last(data, bytes, opus->ogg.serial, LAST_PAGE_WORK, &last) && last.offset >= opus->audio) {
        frames = last.granule - opus->base - opus->pre_skip;
        opus->end = (last.flags & ES_OGG_LAST) ? last.granule : INT64_MAX;
    }
    info->frames = frames < 0 ? 0 : frames > UINT32_MAX ? UINT32_MAX : (uint32_t)frames;
    opus->skip_to = opus->base + opus->pre_skip;
    restart(opus, opus->base);
    return ES_OK;
}

/* Sets how much must be made up for before the present page, from the page's own granule. */
static void measure_hole(es_opus *opus) {
    int64_t start = opus->ogg.page.granule - (int64_t)es_ogg_page_sum(&opus->ogg, packet_samples);
    int64_t hole;
    start = start < 0 ? 0 : start; /* a clock that lies */
    hole = start - opus->position;
    if (opus->ogg.page.granule < 0) {
        return; /* no packet ends here: the next page tells */
    }
    if (hole > 0 && hole <= LONGEST_HOLE) {
        opus->conceal = (uint32_t)hole;
        return;
    }
    if (hole < 0 && (opus->ogg.page.flags & ES_OGG_LAST)) {
        return; /* trimmed at the end */
    }
    opus->position = start;
    if (opus->skip_to - start > PRE_ROLL + UINT16_MAX) {
        opus->skip_to = start; /* clocks that jump back may not make one read decode the whole piece */
    }
}

/* Brings the next packet into hand. False when there is none now: `ended` tells whether there will be another. */
static bool next_packet(es_opus *opus) {
    es_ogg_packet packet;
    for (;;) {
        int count;
        unsigned char toc;
        if (!opus->page_open) {
            es_ogg_result result = es_ogg_page_next(&opus->ogg);
            if (result == ES_OGG_END) {
                opus->ended = true;
                return false;
            }
            if (result == ES_OGG_AGAIN || opus->ogg.examined > opus->stop) {
                opus->page_open = result != ES_OGG_AGAIN;
                return false;
            }
            opus->page_open = true;
            if (result == ES_OGG_GAP || opus->unsure) {
                measure_hole(opus);
                opus->unsure = opus->ogg.page.granule < 0;
            }
        }
        if (es_ogg_packet_next(&opus->ogg, &packet) == ES_OGG_PAGE_END) {
            opus->page_open = false;
            if (opus->ogg.page.flags & ES_OGG_LAST) {
                opus->ended = true;
                return false;
            }
            continue;
        }
        count = opus_packet_parse(packet.data, (opus_int32)packet.bytes, &toc, opus->frame, opus->frame_bytes, NULL);
        if (count > 0) {
            opus->toc = toc;
            opus->frame_count = (uint8_t)count;
            opus->frame_next = 0;
            return true;
        }
        if (packet.bytes > 0) { /* else the reader has counted it */
            opus->ogg.damaged++;
        }
        opus->unsure = true;
        opus->conceal += packet_samples(packet.data, packet.bytes);
        if (opus->conceal > 0) {
            return true;
        }
    }
}

static void charge(const es_opus *opus, int samples, int bytes, es_work *work) {
    /* The top bits of the TOC byte: 1x CELT, 011 hybrid, else SILK (RFC 6716 section 3.1). */
    static const uint32_t cost[3][2] = {{ES_COST_SILK_MONO, ES_COST_SILK_STEREO},
                                        {ES_COST_HYBRID_MONO, ES_COST_HYBRID_STEREO},
                                        {ES_COST_CELT_MONO, ES_COST_CELT_STEREO}};
    int kind = (opus->toc & 0x80) ? 2 : (opus->toc & 0x60) == 0x60 ? 1 : 0;
    work->instructions += (uint64_t)cost[kind][opus->channels - 1] * (uint64_t)samples;
    work->instructions += (uint64_t)bytes * ES_COST_OPUS_BYTE;
}

/* Makes `pcm` from the next frame of the packet in hand. */
static void decode_frame(es_opus *opus, es_work *work) {
    int bytes = opus->frame_bytes[opus->frame_next];
    int samples = opus_packet_get_samples_per_frame(&opus->toc, ES_PLAY_RATE);
    int got;
    /* Same mode, bandwidth, duration and channels, but frame count code 0: one frame alone. */
    opus->single[0] = opus->toc & 0xfc;
    memcpy(opus->single + 1, opus->frame[opus->frame_next], (size_t)bytes);
    opus->frame_next++;
    got = opus_decode(opus->decoder, opus->single, bytes + 1, opus->pcm, ES_OPUS_FRAME, 0);
    if (got != samples) {
        opus->ogg.damaged++;
        got = opus_decode(opus->decoder, NULL, 0, opus->pcm, samples, 0);
        if (got != samples) {
            memset(opus->pcm, 0, (size_t)samples * opus->channels * sizeof opus->pcm[0]);
        }
    }
    opus->pcm_count = samples;
    charge(opus, samples, bytes, work);
}

/* Makes `pcm` for something lost: at most 20 ms at a time, in the decoder's steps of 2.5 ms. */
static void conceal(es_opus *opus, es_work *work) {
    int samples = opus->conceal > SILENT_FRAME ? SILENT_FRAME : (int)opus->conceal;
    int whole = (samples + 119) / 120 * 120;
    if (opus_decode(opus->decoder, NULL, 0, opus->pcm, whole, 0) != whole) {
        memset(opus->pcm, 0, (size_t)whole * opus->channels * sizeof opus->pcm[0]);
    }
    opus->conceal -= (uint32_t)samples;
    opus->pcm_count = samples;
    charge(opus, samples, 0, work);
}

/* Fills `pcm` with the next samples; false at the end of the piece. */
static bool fill(es_opus *opus, es_work *work) {
    int64_t drop, beyond;
    opus->pcm_at = 0;
    opus->pcm_count = 0;
    if (opus->conceal == 0 && opus->frame_next == opus->frame_count && !next_packet(opus)) {
        if (opus->ended) {
            return false;
        }
        /* Rubbish longer than one call may look at: play silence meanwhile, off the stream's clock. */
        memset(opus->pcm, 0, sizeof opus->pcm);
        opus->pcm_count = SILENT_FRAME;
        return true;
    }
    if (opus->conceal > 0) {
        conceal(opus, work);
    } else {
        decode_frame(opus, work);
    }
    opus->position += opus->pcm_count;
    beyond = opus->position - opus->end;
    if (beyond > 0) {
        opus->pcm_count = beyond >= opus->pcm_count ? 0 : opus->pcm_count - (int)beyond;
        opus->ended = opus->ended || opus->pcm_count == 0;
    }
    drop = opus->skip_to - (opus->position - (beyond > 0 ? beyond : 0) - opus->pcm_count);
    if (drop > 0) {
        opus->pcm_at = drop > opus->pcm_count ? opus->pcm_count : (int)drop;
    }
    return true;
}

int es_opus_read(es_opus *opus, int16_t *stereo, int frames, es_work *work) {
    uint64_t examined = opus->ogg.examined;
    int done = 0;
    opus->stop = examined + MOST_PAGES;
    while (done < frames) {
        int n = opus->pcm_count - opus->pcm_at;
        if (n == 0) {
            if ((opus->ended && opus->frame_next == opus->frame_count && opus->conceal == 0) || !fill(opus, work)) {
                break;
            }
            continue;
        }
        n = n > frames - done ? frames - done : n;
        if (opus->channels == 2) {
            memcpy(stereo + 2 * done, opus->pcm + 2 * opus->pcm_at, (size_t)n * 2 * sizeof stereo[0]);
        } else {
            for (int k = 0; k < n; k++) {
                stereo[2 * (done + k)] = stereo[2 * (done + k) + 1] = opus->pcm[opus->pcm_at + k];
            }
        }
        opus->pcm_at += n;
        done += n;
    }
    work->instructions += (opus->ogg.examined - examined) * ES_COST_OGG_BYTE;
    return done;
}

/* The last page that ends at or before `granule`: bisection to 64 KiB, then page by page. False: none. */
static bool find_page(es_opus *opus, int64_t granule, es_ogg_page *found) {
    es_ogg *ogg = &opus->ogg;
    size_t low = opus->audio;
    size_t high = ogg->bytes;
    bool any = false;
    while (high - low > 65536) {
        size_t middle = low + (high - low) / 2;
        es_ogg_start(ogg, middle, ogg->serial);
        do {
            if (es_ogg_page_next(ogg) > ES_OGG_GAP) {
                ogg->page.offset = high; /* end, or too much rubbish: look in the lower half */
                break;
            }
        } while (ogg->page.granule < 0 && ogg->page.offset < high);
        if (ogg->page.offset >= high || ogg->page.granule > granule) {
            high = middle;
        } else {
            low = ogg->page.offset;
        }
    }
    es_ogg_start(ogg, low, ogg->serial);
    while (es_ogg_page_next(ogg) <= ES_OGG_GAP && ogg->page.granule <= granule) {
        if (ogg->page.granule >= 0) {
            *found = ogg->page;
            any = true;
        }
    }
    return any;
}

void es_opus_seek(es_opus *opus, uint32_t frame) {
    es_ogg *ogg = &opus->ogg;
    uint32_t damaged = ogg->damaged;
    int64_t target = opus->base + opus->pre_skip + frame;
    es_ogg_page page;
    es_ogg_packet packet;
    opus->skip_to = target;
    if (find_page(opus, target - PRE_ROLL, &page) && page.granule > opus->base) {
        /* Its packets are passed over; the beginning of one that goes on in the next page is kept. */
        es_ogg_start(ogg, page.offset, ogg->serial);
        es_ogg_page_next(ogg);
        while (es_ogg_packet_next(ogg, &packet) == ES_OGG_OK) {
        }
        restart(opus, page.granule);
        opus->ended = (page.flags & ES_OGG_LAST) != 0;
    } else {
        es_ogg_start(ogg, opus->audio, ogg->serial);
        restart(opus, opus->base);
    }
    ogg->damaged = damaged;
}
