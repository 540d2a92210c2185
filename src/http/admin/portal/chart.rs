//! Pictures of numbers, drawn on the server: whole numbers of a thousandth, so that they stretch to any width. What they show
//! stands in a table beside them.

use super::written::moment;
use crate::flows::manage::overview::Overview;

/// A bar across: all of it, and the part that came through.
pub struct Bars {
    pub whole: i64,
    pub part: i64,
}

/// `most` fills the width.
pub fn bars(most: i64, whole: i64, part: i64) -> Bars {
    Bars { whole: share(whole, most, 1000), part: share(part, most, 1000) }
}

fn share(count: i64, most: i64, of: i64) -> i64 {
    if most <= 0 {
        return 0;
    }
    let share = count.saturating_mul(of) / most;
    // What there is can be seen.
    share.clamp(i64::from(count > 0) * of / 200, of)
}

/// Sign-ins, bucket by bucket.
pub struct Course {
    pub columns: Vec<Column>,
    pub most: i64,
    pub from: String,
    pub to: String,
}

pub struct Column {
    pub x: usize,
    pub at: String,
    pub begun: i64,
    pub asked: i64,
    pub proven: i64,
    /// Heights, of a hundred.
    pub tall: [i64; 3],
}

impl Column {
    /// Where a bar of this height begins, from above.
    pub fn top(&self, of: usize) -> i64 {
        100 - self.height(of)
    }

    pub fn height(&self, of: usize) -> i64 {
        self.tall.get(of).copied().unwrap_or_default()
    }
}

pub fn course(read: &Overview) -> Course {
    let most = read.course.iter().map(|point| point.sign_ins.begun.max(point.sign_ins.asked)).max().unwrap_or(0);
    let columns = read.course.iter().enumerate().map(|(at, point)| {
        let of = point.sign_ins;
        Column {
            x: at * 10,
            at: moment(point.at),
            begun: of.begun,
            asked: of.asked,
            proven: of.proven,
            tall: [of.begun, of.asked, of.proven].map(|count| share(count, most, 100)),
        }
    });
    Course { columns: columns.collect(), most, from: moment(read.since), to: moment(read.until) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_never_leave_their_frame_and_never_vanish() {
        assert_eq!((bars(10, 10, 5).whole, bars(10, 10, 5).part), (1000, 500));
        assert_eq!((bars(0, 0, 0).whole, bars(100, 100, 250).part), (0, 1000));
        assert_eq!(bars(1_000_000, 1_000_000, 1).part, 5);
    }
}
