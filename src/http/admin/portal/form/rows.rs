//! Rows added, moved and taken away in a form that is not saved: what was typed, under other names.

use crate::domain::params::Params;

/// Nobody writes more rows than this.
pub const MOST: usize = 400;

/// Where whoever pressed a button goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// In this row of this list.
    Row(String, usize),
    /// At the button that adds one.
    End(String),
}

/// How many rows of a list were sent.
pub fn count(sent: &Params, list: &str) -> usize {
    let place = |name: &str| name.strip_prefix(list)?.strip_prefix('.')?.split('.').next()?.parse::<usize>().ok();
    sent.names().filter_map(place).filter(|place| *place < MOST).map(|place| place + 1).max().unwrap_or(0)
}

/// What a button of the form asks for, done; nothing where none was pressed. `add LIST`, or `up`, `down` or `remove LIST ROW`.
pub fn rearranged(sent: &Params) -> Option<(Params, Focus)> {
    let asked: Vec<&str> = sent.get("row")?.split(' ').collect();
    let sent = sent.without(&["row"]);
    let done = match asked[..] {
        ["add", list] => {
            let row = count(&sent, list);
            (sent.with(&format!("{list}.{row}.new"), "true".to_owned()), Focus::Row(list.to_owned(), row))
        }
        ["remove", list, row] => (taken(sent, list, row.parse().ok()?), Focus::End(list.to_owned())),
        ["up", list, row] => moved(sent, list, row.parse().ok()?, -1),
        ["down", list, row] => moved(sent, list, row.parse().ok()?, 1),
        _ => return None,
    };
    Some(done)
}

fn taken(sent: Params, list: &str, row: usize) -> Params {
    renamed(sent, list, |place| match place {
        place if place == row => None,
        place if place > row => Some(place - 1),
        place => Some(place),
    })
}

fn moved(sent: Params, list: &str, row: usize, by: isize) -> (Params, Focus) {
    let order = format!("{list}.order");
    let in_order: Vec<String> = sent.all(&order).map(str::to_owned).collect();
    let most = if in_order.is_empty() { count(&sent, list) } else { in_order.len() };
    let Some(other) = row.checked_add_signed(by).filter(|other| *other < most && row < most) else {
        return (sent, Focus::Row(list.to_owned(), row));
    };
    let focus = Focus::Row(list.to_owned(), other);
    if in_order.is_empty() {
        let swapped = renamed(sent, list, |place| match place {
            place if place == row => Some(other),
            place if place == other => Some(row),
            place => Some(place),
        });
        return (swapped, focus);
    }
    let mut in_order = in_order;
    in_order.swap(row, other);
    let rest = sent.without(&[&order]);
    (in_order.into_iter().fold(rest, |sent, value| sent.with(&order, value)), focus)
}

/// Each row of a list under another number, or gone.
fn renamed(sent: Params, list: &str, to: impl Fn(usize) -> Option<usize>) -> Params {
    let one = |(name, value): (String, String)| {
        let below = name.strip_prefix(list).and_then(|rest| rest.strip_prefix('.'));
        let Some((row, rest)) = below.and_then(|below| below.split_once('.')) else { return Some((name, value)) };
        let Ok(row) = row.parse::<usize>() else { return Some((name, value)) };
        to(row).map(|row| (format!("{list}.{row}.{rest}"), value))
    };
    Params::new(sent.into_pairs().into_iter().filter_map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(sent: &str) -> (String, Focus) {
        let (params, focus) = rearranged(&Params::parse(sent.as_bytes())).expect("a button");
        (params.encoded(), focus)
    }

    fn row(list: &str, row: usize) -> Focus {
        Focus::Row(list.to_owned(), row)
    }

    #[test]
    fn rows_keep_what_was_typed_wherever_they_go() {
        let sent = "rung.0.channel=sms&rung.1.channel=voice&rung.1.carriers.0.sender=Shop&name=x";
        assert_eq!(
            after(&format!("{sent}&row=up+rung+1")),
            ("rung.1.channel=sms&rung.0.channel=voice&rung.0.carriers.0.sender=Shop&name=x".into(), row("rung", 0))
        );
        assert_eq!(
            after(&format!("{sent}&row=remove+rung+0")),
            ("rung.0.channel=voice&rung.0.carriers.0.sender=Shop&name=x".into(), Focus::End("rung".into()))
        );
        assert_eq!(
            after("rung.1.carriers.0.sender=Shop&row=add+rung.1.carriers"),
            ("rung.1.carriers.0.sender=Shop&rung.1.carriers.1.new=true".into(), row("rung.1.carriers", 1))
        );
        // At an end, and where there is nothing, nothing moves.
        for odd in ["up+rung+0", "down+rung+1", "down+rung+9", "up+nothing+1"] {
            assert_eq!(after(&format!("{sent}&row={odd}")).0, sent, "{odd}");
        }
        for odd in ["", "up", "up+rung", "up+rung+x", "remove+rung+-1", "fly+rung+1"] {
            assert!(rearranged(&Params::parse(format!("{sent}&row={odd}").as_bytes())).is_none(), "{odd}");
        }
    }

    #[test]
    fn an_order_moves_with_what_is_chosen_and_what_is_not() {
        let sent = "c.order=a&c.order=b&c.order=d&c=b";
        assert_eq!(after(&format!("{sent}&row=down+c+0")), ("c=b&c.order=b&c.order=a&c.order=d".into(), row("c", 1)));
    }
}
