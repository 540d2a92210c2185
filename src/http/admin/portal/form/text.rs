//! Small lists as people type them, and back.

use serde_json::{Map, Value, json};

pub fn words(list: &Value) -> String {
    texts(list).join(", ")
}

pub fn lines(list: &Value) -> String {
    texts(list).join("\n")
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

pub fn read_words(text: &str) -> Value {
    list(text.split([',', '\n']))
}

pub fn read_lines(text: &str) -> Value {
    list(text.lines())
}

fn list<'a>(parts: impl Iterator<Item = &'a str>) -> Value {
    parts.map(str::trim).filter(|part| !part.is_empty()).map(|part| json!(part)).collect()
}

/// One text by itself, or `key = value` a line.
pub fn pairs(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let line = |(key, value): (&String, &Value)| format!("{key} = {}", value.as_str().unwrap_or_default());
            map.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

pub fn read_pairs(text: &str) -> Value {
    let pair = |line: &str| line.split_once('=').map(|(key, value)| (key.trim().to_owned(), json!(value.trim())));
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read: Option<Map<String, Value>> = lines.map(pair).collect();
    match read {
        Some(map) => Value::Object(map),
        None => json!(text.trim()),
    }
}

/// `name`, or `name:sender:region`.
pub fn choices(list: &Value) -> String {
    let one = |choice: &Value| match choice {
        Value::Object(parts) => {
            let part = |name: &str| parts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let whole = format!("{}:{}:{}", part("carrier"), part("sender"), part("region"));
            whole.trim_end_matches(':').to_owned()
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    list.as_array().into_iter().flatten().map(one).collect::<Vec<_>>().join(", ")
}

pub fn read_choices(text: &str) -> Value {
    let one = |text: &str| {
        let mut parts = text.split(':').map(str::trim);
        let carrier = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        if rest.iter().all(|part| part.is_empty()) {
            return json!(carrier);
        }
        let mut choice = json!({ "carrier": carrier });
        for (name, part) in ["sender", "region"].into_iter().zip(rest) {
            if !part.is_empty() {
                choice[name] = json!(part);
            }
        }
        choice
    };
    text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}

/// `NG, KE = carriers`, one a line.
pub fn routes(list: &Value) -> String {
    let line = |route: &Value| format!("{} = {}", words(&route["countries"]), choices(&route["carriers"]));
    list.as_array().into_iter().flatten().map(line).collect::<Vec<_>>().join("\n")
}

pub fn read_routes(text: &str) -> Value {
    let line = |line: &str| {
        let (countries, carriers) = line.split_once('=').unwrap_or((line, ""));
        json!({ "countries": read_words(countries), "carriers": read_choices(carriers) })
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_reads_back() {
        let choice = json!(["gateway", { "carrier": "twilio", "sender": "Shop" }, { "carrier": "v", "region": "eu" }]);
        assert_eq!(choices(&choice), "gateway, twilio:Shop, v::eu");
        assert_eq!(read_choices(&choices(&choice)), choice);
        let route = json!([{ "countries": ["NG", "KE"], "carriers": ["gateway"] }]);
        assert_eq!(routes(&route), "NG, KE = gateway");
        assert_eq!(read_routes(&routes(&route)), route);
        for worded in [json!("Orders"), json!({ "en": "Orders", "fr": "Commandes" })] {
            assert_eq!(read_pairs(&pairs(&worded)), worded);
        }
        assert_eq!(read_lines(" a \r\n\r\nb"), json!(["a", "b"]));
        assert_eq!(read_words("NG,, KE"), json!(["NG", "KE"]));
    }
}
