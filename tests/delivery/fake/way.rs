//! How a carrier answers: by the number's last four digits, or as a test switched it.

use super::{Fake, Message, Report};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// 0001 delivered; 0002 not on WhatsApp, told by receipt; 0003 no receipt ever; 0004 once too busy; 0005 receipts when the
    /// test asks; 0006 no such number; 0007 undelivered, told by receipt. Others as 0003.
    BySuffix,
    /// Accepted; receipts when the test asks.
    Accept,
    Refuse(Why),
    /// 429, with this many seconds to wait.
    Busy(Option<u64>),
    /// 503.
    Broken,
    /// 503 all the same, though it goes out.
    TakeAndBreak,
    /// Reads, keeps nothing, never answers: until switched, then as switched.
    Hang,
    /// Accepts and never says so: until switched.
    TakeAndHang,
    /// Accepts, and the connection ends without an answer.
    TakeAndDrop,
    /// Accepts, and the receipt is there before the answer.
    Early(Report),
    /// Accepts and reports this at once.
    Then(Report),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Unreachable,
    BadNumber,
    OptedOut,
    Policy,
    Misconfigured,
    Credentials,
}

/// What the vendor's file puts into its own words.
pub enum Outcome {
    Accepted(Box<Message>),
    Refused(Why),
    Busy(Option<u64>),
    Broken,
    /// The connection ends.
    Dropped,
}

impl Fake {
    fn way(&self, message: &Message) -> Way {
        let state = self.state();
        let of = |channel: &str| state.ways.get(&(message.carrier.clone(), channel.to_owned())).copied();
        of(message.channel).or(of("*")).unwrap_or(Way::BySuffix)
    }

    fn by_suffix(&self, message: &Message) -> Way {
        match message.suffix() {
            "0001" => Way::Then(Report::Delivered),
            "0002" if message.channel == "whatsapp" => Way::Then(Report::Undelivered(Why::Unreachable)),
            "0002" => Way::Then(Report::Delivered),
            "0004" => {
                let once = (message.carrier.clone(), message.channel.to_owned(), message.to.clone());
                if self.state().paused.insert(once) { Way::Busy(Some(1)) } else { Way::Then(Report::Delivered) }
            }
            "0006" => Way::Refuse(Why::BadNumber),
            "0007" => Way::Then(Report::Undelivered(Why::Unreachable)),
            _ => Way::Accept,
        }
    }

    /// Takes a request to send, as switches and numbers say.
    pub async fn take(&self, message: Message) -> Outcome {
        self.state().asked.push(message.clone());
        let mut switched = self.0.switched.subscribe();
        let mut kept = false;
        loop {
            let mut way = self.way(&message);
            if way == Way::BySuffix {
                way = self.by_suffix(&message);
            }
            let keeps = matches!(
                way,
                Way::Accept | Way::TakeAndBreak | Way::TakeAndHang | Way::TakeAndDrop | Way::Early(_) | Way::Then(_)
            );
            if keeps && !kept {
                self.state().taken.push(message.clone());
                kept = true;
            }
            match way {
                Way::Hang | Way::TakeAndHang => {
                    drop(switched.changed().await);
                    continue;
                }
                Way::Refuse(why) => return Outcome::Refused(why),
                Way::Busy(after) => return Outcome::Busy(after),
                Way::Broken | Way::TakeAndBreak => return Outcome::Broken,
                Way::TakeAndDrop => return Outcome::Dropped,
                Way::Early(report) => self.report_by_itself(&message, report).await,
                Way::Then(report) => {
                    let (fake, message) = (self.clone(), message.clone());
                    tokio::spawn(async move { fake.report_by_itself(&message, report).await });
                }
                Way::Accept | Way::BySuffix => {}
            }
            return Outcome::Accepted(Box::new(message));
        }
    }

    async fn report_by_itself(&self, message: &Message, report: Report) {
        let answer = self.receipt(message, report).post().await;
        self.state().answers.push(answer);
    }
}
