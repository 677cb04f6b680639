#include "internal.h"

bool es_orders_room(const es_orders *orders, int count) { return orders->count + count <= ES_ORDERS - ES_ORDERS_KEPT; }

void es_orders_add(es_orders *orders, const es_order *order) {
    uint16_t at = orders->count;
    if (at == ES_ORDERS) {
        return; /* the kept places bound what the runtime itself orders: one duck and its end an utterance */
    }
    while (at > 0 && orders->order[at - 1].at > order->at) {
        orders->order[at] = orders->order[at - 1];
        at--;
    }
    orders->order[at] = *order;
    orders->count++;
}

static void remove_at(es_orders *orders, uint16_t at) {
    orders->count--;
    for (; at < orders->count; at++) {
        orders->order[at] = orders->order[at + 1];
    }
}

bool es_orders_take(es_orders *orders, int64_t t, es_order *order) {
    if (orders->count == 0 || orders->order[0].at > t) {
        return false;
    }
    *order = orders->order[0];
    remove_at(orders, 0);
    return true;
}

static bool plays(const es_order *order, int voice) {
    bool piece = order->kind == ES_ORDER_CLOSE || order->kind == ES_ORDER_OPEN || order->kind == ES_ORDER_START;
    return piece && order->voice == voice;
}

void es_orders_drop_voice(es_orders *orders, int voice, int64_t at) {
    for (uint16_t i = 0; i < orders->count;) {
        if (plays(&orders->order[i], voice) && orders->order[i].at >= at) {
            remove_at(orders, i);
        } else {
            i++;
        }
    }
}

int es_orders_to_open(const es_orders *orders, int voice) {
    int count = 0;
    for (uint16_t i = 0; i < orders->count; i++) {
        count += plays(&orders->order[i], voice) && orders->order[i].kind == ES_ORDER_OPEN;
    }
    return count;
}

void es_orders_drop_ducks(es_orders *orders, es_duck_holder holder) {
    for (uint16_t at = 0; at < orders->count;) {
        if (orders->order[at].kind == ES_ORDER_DUCK && orders->order[at].holder == holder) {
            remove_at(orders, at);
        } else {
            at++;
        }
    }
}
