//! The part about figures and sign-ins.

use super::{in_query, named, operation, page, paging, problem};
use crate::domain::figures::Window;
use crate::domain::management::{Subject, Verb};
use crate::flows::manage::sign_ins::State;
use serde_json::{Map, Value, json};

pub fn overview() -> Value {
    let windows: Vec<&str> = Window::ALL.into_iter().map(Window::as_str).collect();
    let schema = json!({ "type": "string", "enum": windows, "default": "day" });
    let responses = json!({ "200": super::as_json("Overview", "As things stand."), "400": problem("No such window.") });
    let summary = "Read how things stand".to_owned();
    let mut told = operation(Verb::Read, Subject::Overview, "read_overview", summary, responses);
    told["parameters"] = vec![in_query("window", "What to look back on.", schema)].into();
    told
}

pub fn sign_ins() -> Value {
    let summary = "List sign-ins, newest first".to_owned();
    let mut told = operation(Verb::Read, Subject::SignIns, "list_sign_ins", summary, page(named("SignIn")));
    let mut parameters = paging();
    let states: Vec<&str> = State::ALL.into_iter().map(State::as_str).collect();
    let (text, seconds) =
        (json!({ "type": "string" }), json!({ "type": "integer", "minimum": 0, "maximum": 253_402_300_799_i64 }));
    let about = "A number or address that was asked for a passcode: in any format, with + and country code, or together with country.";
    parameters.push(in_query("identifier", about, text.clone()));
    parameters.push(in_query("subject", "Only those of this account.", text.clone()));
    parameters.push(in_query("client", "Only those to this client.", text.clone()));
    parameters.push(in_query("state", "Only those that came so far.", json!({ "type": "string", "enum": states })));
    let country = json!({ "type": "string", "pattern": "^[A-Za-z]{2}$" });
    parameters.push(in_query("country", "Only those with a number of this country (ISO 3166 alpha-2).", country));
    parameters.push(in_query("connection", "Only those by this connection.", text));
    parameters.push(in_query("since", "Begun then or later, in seconds since 1970.", seconds.clone()));
    parameters.push(in_query("until", "Begun before, in seconds since 1970.", seconds));
    told["parameters"] = parameters.into();
    told
}

pub fn sign_in() -> Value {
    let responses = json!({ "200": super::as_json("Story", "From page to token."), "404": problem("There is none, or it is forgotten.") });
    operation(Verb::Read, Subject::SignIns, "read_sign_in", "Read the story of a sign-in".into(), responses)
}

pub fn resend() -> Value {
    let responses = json!({
        "202": { "description": "On its way to the person: the same passcode." },
        "404": problem("There is none, or it is forgotten."),
        "409": problem("There is no passcode to send again: it was used, or is over."),
    });
    operation(Verb::Update, Subject::SignIns, "resend_passcode", "Send a passcode again".into(), responses)
}

pub fn schemas() -> Map<String, Value> {
    let (text, integer) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let maybe = json!({ "type": ["string", "null"] });
    let whole = json!({ "type": ["integer", "null"] });
    let list = |item: Value| json!({ "type": "array", "items": item });
    let object = |properties: Value| {
        let required: Vec<String> =
            properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        json!({ "type": "object", "required": required, "properties": properties })
    };
    let fault = list(object(json!({ "carrier": text, "channel": maybe, "code": text, "count": integer })));
    let (funnel, conversion) = (named("Funnel"), named("Conversion"));
    let all = [
        (
            "Funnel",
            object(
                json!({ "begun": integer, "asked": integer, "delivered": integer, "proven": integer, "answered": integer }),
            ),
        ),
        ("Conversion", object(json!({ "asked": integer, "delivered": integer, "proven": integer, "percent": whole }))),
        (
            "Overview",
            object(json!({
                "window": text, "since": integer, "until": integer, "counted_at": whole,
                "sign_ins": funnel, "before": funnel,
                "course": list(object(json!({ "at": integer, "sign_ins": funnel }))),
                "clients": list(object(json!({ "client": text, "sign_ins": funnel }))),
                "countries": list(object(json!({ "country": text, "now": conversion, "before": conversion }))),
                "channels": list(object(json!({ "channel": text, "now": conversion, "before": conversion }))),
                "carriers": list(object(json!({ "carrier": text, "now": conversion, "before": conversion }))),
                "ways": list(object(json!({ "channel": text, "country": text, "carrier": text, "now": conversion }))),
                "took_ms": object(json!({ "median": whole, "p95": whole })),
                "spent": list(object(json!({ "currency": text, "told": text, "estimated": text }))),
                "caps": list(object(json!({
                    "name": text, "of": text, "most": text, "spent": text, "currency": text, "percent": integer,
                }))),
                "faults": object(json!({
                    "refused": fault, "silent": fault, "opened": fault, "passed_over": fault, "stopped": fault,
                })),
                "attention": list(object(json!({
                    "grave": { "enum": ["stops", "threatens", "odd"] }, "kind": text, "of": text, "what": text, "mend": text,
                }))),
            })),
        ),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
