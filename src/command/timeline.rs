//! `countersign timeline`: what became of one sign-in, or of the newest ones of an identifier.

use super::carriers::identifier;
use super::{Ended, one, open, say};
use crate::config::Config;
use crate::domain::time::Time;
use crate::flows::timeline::{self, Story};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub async fn run(config: Config, of: &str) -> Ended {
    let app = open(config).await?;
    let stories = if of.starts_with("in_") {
        timeline::of_interaction(&app, of).await.map_err(one)?.into_iter().collect()
    } else {
        timeline::of_identifier(&app, &identifier(of)?).await.map_err(one)?
    };
    if stories.is_empty() {
        return Err(one("nothing is known of it; what is older than history.life is forgotten"));
    }
    for story in &stories {
        tell(story, &app.config.money_currency);
    }
    Ok(())
}

fn tell(story: &Story, currency: &str) {
    let began = story.interaction.created_at;
    say(&format!("{} at {}", story.interaction.id, date(began)));
    for line in &story.lines {
        let money = match (&line.cost, line.estimate) {
            (Some(cost), _) => format!("  [{} {}]", cost.amount, cost.currency),
            (None, Some(estimate)) if estimate.0 > 0 => format!("  [about {estimate} {currency}]"),
            _ => String::new(),
        };
        let after = line.at.since(began);
        say(&format!("  {:>5}.{:03} s  {}{money}", after.as_secs(), after.subsec_millis(), line.text));
        if let Some(explained) = line.explained {
            say(&format!("{:>14}{} {}", "", explained.means, explained.next));
        }
    }
    say(format!("  {} {}", story.advice.stands, story.advice.next).trim_end());
}

fn date(at: Time) -> String {
    let date = OffsetDateTime::from_unix_timestamp(at.secs()).ok().and_then(|date| date.format(&Rfc3339).ok());
    date.unwrap_or_default()
}
