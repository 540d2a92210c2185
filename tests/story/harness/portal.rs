//! Somebody who operates, in the portal, with a browser that runs no script.

use super::rp::identify;
use super::visitor::{attribute, unescape};
use super::{House, Page, Visitor};
use countersign::domain::audit::By;
use countersign::domain::operator::Role;
use countersign::flows::manage::operators;

pub struct Desk {
    pub visitor: Visitor,
    pub address: String,
}

impl Desk {
    /// Somebody new with this role, who came by a link and signed in.
    pub async fn of(house: &House, role: Role) -> Self {
        Self::called(house, role, &format!("{}@desk.example", role.as_str())).await
    }

    pub async fn called(house: &House, role: Role, address: &str) -> Self {
        let link = operators::invite(&house.app, &By::command(), role).await.expect("a link");
        let mut desk = Self { visitor: house.visitor(), address: address.to_owned() };
        let page = desk.visitor.get(link.strip_prefix(&house.issuer).expect("ours")).await;
        let page = desk.visitor.submit(&page, &[("invitation", &code_of(&link))]).await;
        let page = desk.prove(house, page).await;
        assert_eq!((page.status.as_u16(), page.url.as_str()), (200, "/admin"), "{}", page.text());
        desk
    }

    /// From the identifier page back to the portal.
    pub async fn prove(&mut self, house: &House, page: Page) -> Page {
        let seen = house.app.phone.messages(Some(&self.address)).len();
        let page = identify(&mut self.visitor, page, &self.address).await;
        let messages = house.messages(&self.address, seen + 1).await;
        let digits = super::digits(&messages[0].text);
        self.visitor.submit(&page, &[("p_confirmation_code", &digits)]).await
    }

    /// Confirms where a page asks for it, and is back where it asked.
    pub async fn confirm(&mut self, house: &House, page: &Page) -> Page {
        let page = self.visitor.submit(page, &[("fresh", "true")]).await;
        self.prove(house, page).await
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.visitor.get(path).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.visitor.post(path, fields).await
    }
}

pub fn code_of(link: &str) -> String {
    link.split("invitation=").nth(1).expect("a code").to_owned()
}

/// A form as a browser without script sends it: what stands in every field, with these in place of theirs.
pub fn filled(page: &Page, with: &str, changes: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let (action, _) = page.form(with);
    let forms = page.html.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap_or_default());
    let form = forms.clone().find(|form| form.contains(&format!("name=\"{with}\""))).expect("the form");
    let mut fields = Vec::new();
    for piece in form.split('<').skip(1) {
        let name = attribute(piece, "name");
        if name.is_empty() {
            continue;
        }
        if piece.starts_with("input") {
            let off = piece.contains("type=\"checkbox\"") && !piece.contains(" checked");
            fields.extend((!off).then(|| (name, attribute(piece, "value"))));
        } else if piece.starts_with("textarea") {
            let text = piece.split_once('>').map_or("", |(_, text)| text);
            fields.push((name, unescape(text.strip_prefix('\n').unwrap_or(text))));
        } else if piece.starts_with("select") {
            let rest = form.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
            let options = rest.split("</select>").next().unwrap_or_default().split("<option").skip(1);
            let chosen = options.clone().find(|option| option.contains(" selected")).or_else(|| options.clone().next());
            fields.push((name, chosen.map(|option| attribute(option, "value")).unwrap_or_default()));
        }
    }
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    (action, fields)
}

impl Desk {
    /// Changes fields of a form as it stands, and sends all of it.
    pub async fn save(&mut self, page: &Page, changes: &[(&str, &str)]) -> Page {
        let (action, fields) = filled(page, changes.first().map_or("etag", |(name, _)| name), changes);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.visitor.post(&action, &fields).await
    }
}
