#include "wav.h"

#include <string.h>

static uint32_t u16(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8; }

static uint32_t u32(const uint8_t *at) { return u16(at) | u16(at + 2) << 16; }

#define FORMAT_PCM 1
#define FORMAT_EXTENSIBLE 0xFFFE

static es_status read_format(const uint8_t *at, uint32_t bytes, es_music_info *info) {
    uint32_t tag, align;
    if (bytes < 16) {
        return ES_E_CORRUPT;
    }
    tag = u16(at);
    info->channels = (uint16_t)u16(at + 2);
    info->sample_rate = u32(at + 4);
    align = u16(at + 12);
    if (tag == FORMAT_EXTENSIBLE && bytes >= 40) {
        tag = u16(at + 24); /* the sub-format's first two bytes are the tag of old */
    }
    if (tag != FORMAT_PCM || u16(at + 14) != 16 || info->sample_rate != ES_PLAY_RATE) {
        return ES_E_UNSUPPORTED;
    }
    if (info->channels < 1 || info->channels > 2) {
        return ES_E_UNSUPPORTED;
    }
    return align == 2u * info->channels ? ES_OK : ES_E_CORRUPT;
}

es_status es_wav_open(es_wav *wav, const uint8_t *data, size_t bytes, es_music_info *info) {
    size_t at = 12;
    bool have_format = false;
    if (bytes < 12 || memcmp(data, "RIFF", 4) != 0 || memcmp(data + 8, "WAVE", 4) != 0) {
        return ES_E_MAGIC;
    }
    while (bytes - at >= 8) {
        const uint8_t *chunk = data + at;
        size_t length = u32(chunk + 4);
        size_t left = bytes - at - 8;
        bool cut = length > left;
        if (cut) {
            length = left;
        }
        if (memcmp(chunk, "fmt ", 4) == 0) {
            es_status status = cut ? ES_E_SHORT : read_format(chunk + 8, (uint32_t)length, info);
            if (status != ES_OK) {
                return status;
            }
            have_format = true;
        } else if (memcmp(chunk, "data", 4) == 0) {
            size_t frames;
            if (!have_format) {
                return ES_E_CORRUPT;
            }
            frames = length / (2u * info->channels);
            wav->samples = chunk + 8;
            wav->frames = frames > UINT32_MAX ? UINT32_MAX : (uint32_t)frames;
            wav->channels = info->channels;
            wav->position = 0;
            info->frames = wav->frames;
            info->opus = false;
            return ES_OK;
        }
        if (length >= left) {
            break;
        }
        at += 8 + length + (length & 1);
        if (at > bytes) {
            break;
        }
    }
    return ES_E_SHORT;
}

int es_wav_read(es_wav *wav, int16_t *stereo, int frames) {
    uint32_t left = wav->frames - wav->position;
    int n = (uint32_t)frames > left ? (int)left : frames;
    size_t step = 2u * wav->channels;
    const uint8_t *at = wav->samples + (size_t)wav->position * step;
    for (int k = 0; k < n; k++, at += step) {
        stereo[2 * k] = (int16_t)u16(at);
        stereo[2 * k + 1] = (int16_t)u16(at + step - 2);
    }
    wav->position += (uint32_t)n;
    return n;
}
