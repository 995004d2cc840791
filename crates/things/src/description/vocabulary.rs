//! The vocabulary of Thing Description 1.1: which part has which members.

use super::shape::{Record, Shape};

const WORDS: Shape = Shape::Map(&Shape::Text, 0);
const TYPES: Shape = Shape::OneOrMany(&Shape::TypeName, 0);
const TEXTS: Shape = Shape::OneOrMany(&Shape::Text, 0);
const NAMED: Shape = Shape::OneOrMany(&Shape::Text, 1);
const SCHEMA: Shape = Shape::Schema;
const VARIABLES: Shape = Shape::Map(&SCHEMA, 0);

const TYPE_NAMES: &[&str] = &[
    "boolean", "integer", "number", "string", "object", "array", "null",
];
const PROPERTY_OPS: &[&str] = &[
    "readproperty",
    "writeproperty",
    "observeproperty",
    "unobserveproperty",
];
const ACTION_OPS: &[&str] = &["invokeaction", "queryaction", "cancelaction"];
const EVENT_OPS: &[&str] = &["subscribeevent", "unsubscribeevent"];
const ROOT_OPS: &[&str] = &[
    "readallproperties",
    "writeallproperties",
    "readmultipleproperties",
    "writemultipleproperties",
    "observeallproperties",
    "unobserveallproperties",
    "queryallactions",
    "subscribeallevents",
    "unsubscribeallevents",
];

/// The Thing itself.
pub(crate) static THING: Record = Record {
    required: &["@context", "title", "security", "securityDefinitions"],
    members: &[
        ("@context", Shape::Context),
        ("@type", TYPES),
        ("id", Shape::Text),
        ("title", Shape::Text),
        ("titles", WORDS),
        ("description", Shape::Text),
        ("descriptions", WORDS),
        ("version", Shape::Record(&VERSION)),
        ("created", Shape::Text),
        ("modified", Shape::Text),
        ("support", Shape::Text),
        ("base", Shape::Text),
        ("profile", NAMED),
        ("properties", Shape::Map(&Shape::Record(&PROPERTY), 0)),
        ("actions", Shape::Map(&Shape::Record(&ACTION), 0)),
        ("events", Shape::Map(&Shape::Record(&EVENT), 0)),
        ("links", Shape::List(&Shape::Link, 0)),
        ("forms", Shape::List(&Shape::Record(&ROOT_FORM), 1)),
        ("security", NAMED),
        ("securityDefinitions", Shape::Map(&Shape::Security, 1)),
        ("schemaDefinitions", Shape::Map(&SCHEMA, 1)),
        ("uriVariables", VARIABLES),
    ],
};

static VERSION: Record = Record {
    required: &["instance"],
    members: &[("instance", Shape::Text)],
};

/// Members that describe a value, alone or as part of a property.
static DATA_SCHEMA: Record = Record {
    required: &[],
    members: &[
        ("@type", TYPES),
        ("title", Shape::Text),
        ("titles", WORDS),
        ("description", Shape::Text),
        ("descriptions", WORDS),
        ("readOnly", Shape::Flag),
        ("writeOnly", Shape::Flag),
        ("oneOf", Shape::List(&SCHEMA, 0)),
        ("unit", Shape::Text),
        ("enum", Shape::Distinct),
        ("format", Shape::Text),
        ("const", Shape::Any),
        ("default", Shape::Any),
        ("contentEncoding", Shape::Text),
        ("contentMediaType", Shape::Text),
        ("type", Shape::Word(TYPE_NAMES)),
        ("items", Shape::OneOrMany(&SCHEMA, 0)),
        ("minItems", Shape::Count),
        ("maxItems", Shape::Count),
        ("minimum", Shape::Number),
        ("maximum", Shape::Number),
        ("exclusiveMinimum", Shape::Number),
        ("exclusiveMaximum", Shape::Number),
        ("multipleOf", Shape::Positive),
        ("minLength", Shape::Count),
        ("maxLength", Shape::Count),
        ("pattern", Shape::Text),
        ("properties", VARIABLES),
        ("required", Shape::List(&Shape::Text, 0)),
    ],
};

/// What a property has beside its value's schema.
static PROPERTY: Record = Record {
    required: &["forms"],
    members: &[
        ("forms", Shape::List(&Shape::Record(&PROPERTY_FORM), 1)),
        ("observable", Shape::Flag),
        ("uriVariables", VARIABLES),
    ],
};

/// The schema that every property is as well.
pub(crate) static PROPERTY_SCHEMA: &Record = &DATA_SCHEMA;

static ACTION: Record = Record {
    required: &["forms"],
    members: &[
        ("@type", TYPES),
        ("title", Shape::Text),
        ("titles", WORDS),
        ("description", Shape::Text),
        ("descriptions", WORDS),
        ("forms", Shape::List(&Shape::Record(&ACTION_FORM), 1)),
        ("uriVariables", VARIABLES),
        ("input", SCHEMA),
        ("output", SCHEMA),
        ("safe", Shape::Flag),
        ("idempotent", Shape::Flag),
        ("synchronous", Shape::Flag),
    ],
};

static EVENT: Record = Record {
    required: &["forms"],
    members: &[
        ("@type", TYPES),
        ("title", Shape::Text),
        ("titles", WORDS),
        ("description", Shape::Text),
        ("descriptions", WORDS),
        ("forms", Shape::List(&Shape::Record(&EVENT_FORM), 1)),
        ("uriVariables", VARIABLES),
        ("subscription", SCHEMA),
        ("data", SCHEMA),
        ("dataResponse", SCHEMA),
        ("cancellation", SCHEMA),
    ],
};

macro_rules! form {
    ($ops:expr, $required:expr) => {
        Record {
            required: $required,
            members: &[
                ("op", Shape::OneOrMany(&Shape::Word($ops), 1)),
                ("href", Shape::Text),
                ("contentType", Shape::Text),
                ("contentCoding", Shape::Text),
                ("subprotocol", Shape::Text),
                ("security", NAMED),
                ("scopes", TEXTS),
                ("response", Shape::Record(&RESPONSE)),
                (
                    "additionalResponses",
                    Shape::List(&Shape::Record(&OTHER_RESPONSE), 0),
                ),
            ],
        }
    };
}

static PROPERTY_FORM: Record = form!(PROPERTY_OPS, &["href"]);
static ACTION_FORM: Record = form!(ACTION_OPS, &["href"]);
static EVENT_FORM: Record = form!(EVENT_OPS, &["href"]);
static ROOT_FORM: Record = form!(ROOT_OPS, &["href", "op"]);

static RESPONSE: Record = Record {
    required: &["contentType"],
    members: &[("contentType", Shape::Text)],
};
static OTHER_RESPONSE: Record = Record {
    required: &[],
    members: &[
        ("contentType", Shape::Text),
        ("schema", Shape::Text),
        ("success", Shape::Flag),
    ],
};
