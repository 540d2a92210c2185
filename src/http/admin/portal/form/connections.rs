//! What a connection's form holds: which countries, which channels in which order, by which carriers.

use super::Shape::{Aside, Cards, Chosen, Countries, Ladder, Number, OneOf, Ordered, Stood, Text, Toggle};
use super::{Card, Field, Group, Source, field, group};

pub const GROUPS: &[Group] = &[
    group(
        "",
        &[
            field("name", "Name", "Letters, digits, . _ -. Applications list it by this name.", Text),
            field("kind", "Way in", "", OneOf(&[("phone", "Phone number"), ("email", "E-mail address")])),
            field("enabled", "Offered to people", "", Toggle(true)),
            field(
                "id",
                "Connection id",
                "Apps send it as connection_id to go straight here. Left empty, one is made.",
                Text,
            ),
        ],
    ),
    group(
        "Countries",
        &[
            field(
                "default_country",
                "Country chosen at first",
                "Where a browser names its own, that wins.",
                Chosen(Source::Countries, "none"),
            ),
            field(
                "countries",
                "Countries offered",
                "Names or two letters, with commas between: Nigeria, KE. Empty: all.",
                Countries,
            ),
        ],
    ),
    group(
        "Ladder",
        &[
            field(
                "ladder",
                "Channels, first to last",
                "The same code climbs down this list until it arrives. With none: SMS for numbers, mail for addresses.",
                Ladder,
            ),
            field("rung", "What each of them does", "", Cards(&RUNG)),
            field(
                "override",
                "Other ladders",
                "For some countries or applications: the first that fits takes the place of the one above.",
                Cards(&OVERRIDE),
            ),
        ],
    ),
];

const RUNG: Card = Card {
    one: "channel",
    bare: false,
    fields: &[
        field("channel", "Channel", "", Chosen(Source::Channels, "")),
        field(
            "wait_seconds",
            "Seconds to wait for word of delivery",
            "Left empty: 25 for WhatsApp and Telegram, 45 for SMS, 60 for calls, 120 for mail.",
            Number,
        ),
        field("carriers", "Carriers, first to last", "With none: each that carries it.", Cards(&CARRIER)),
        field("route", "Other carriers in some countries", "", Cards(&ROUTE)),
        field("closed_in", "Never in", "Names or two letters, with commas between.", Countries),
        field("aside", "Only where one of the other ladders below has it", "", Aside),
        field("place", "", "", Stood),
    ],
};

const ROUTE: Card = Card {
    one: "route",
    bare: false,
    fields: &[
        field("countries", "In countries", "Names or two letters, with commas between.", Countries),
        field("carriers", "Carriers there, first to last", "", Cards(&CARRIER)),
    ],
};

const CARRIER: Card = Card { one: "carrier", bare: true, fields: CHOICE };

const CHOICE: &[Field] = &[
    field("carrier", "Carrier", "", Chosen(Source::Carriers, "")),
    field("sender", "As sender", "", Text),
    field("region", "From region", "", Text),
];

const OVERRIDE: Card = Card {
    one: "ladder",
    bare: false,
    fields: &[
        field("countries", "In countries", "Names or two letters, with commas between. Empty: all.", Countries),
        field("clients", "For applications", "None: all.", super::Shape::Among(Source::Clients)),
        field("ladder", "Channels, first to last", "", Ordered(Source::Channels)),
    ],
};
