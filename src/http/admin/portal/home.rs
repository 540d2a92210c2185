//! The portal's first page.

use super::desk::{Desk, Frame};
use super::turned::Answer;
use askama::Template;

#[derive(Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
}

pub async fn show(desk: Desk) -> Answer {
    desk.show(&HomePage { frame: desk.frame("", "Overview") })
}
