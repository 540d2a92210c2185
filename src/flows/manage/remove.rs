//! What is taken away. Whether others name it, the catalog as it is afterwards tells; whether people hold it, the rows.

use crate::domain::catalog::Catalog;
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::identifier::Identifier;
use crate::domain::ids::ClientId;
use crate::flows::Fault;
use crate::store::{self, Tx};

/// Takes one away within the transaction, and tells who holds it still.
pub(super) async fn remove(tx: &mut Tx, have: &Catalog, noun: Noun, name: &str) -> Result<Vec<Mistake>, Fault> {
    match noun {
        Noun::Client => drop(store::catalog::forget_client(tx, &ClientId::new(name)).await?),
        Noun::Connection => store::catalog::forget_connection(tx, name).await?,
        Noun::Carrier => store::catalog::forget_carrier(tx, name).await?,
        Noun::Cap => {
            for cap in have.caps.iter().filter(|cap| cap.name() == name) {
                store::catalog::forget_cap(&mut *tx, cap).await?;
            }
        }
        Noun::TestIdentifier => {
            if let Some(identifier) = Identifier::read(name) {
                store::catalog::forget_test_identifier(tx, &identifier).await?;
            }
        }
        Noun::Resource | Noun::Scope | Noun::Permission | Noun::FeatureFlag | Noun::Registration | Noun::Text => {
            store::catalog::forget_declared(&mut *tx, noun.as_str(), name).await?;
            if noun == Noun::Permission {
                return held(store::memberships::count_permission(tx, name).await?, "people have it");
            }
            let came = if noun == Noun::Registration { have.registered_by(name) } else { 0 };
            return held(i64::try_from(came).unwrap_or(i64::MAX), "clients registered by it");
        }
        Noun::EventEndpoint => {
            store::catalog::forget_declared(&mut *tx, noun.as_str(), name).await?;
            store::event_deliveries::finish_endpoint(tx, name).await?;
        }
        Noun::Role => {
            store::catalog::forget_declared(&mut *tx, noun.as_str(), name).await?;
            return held(store::memberships::count_role(tx, name).await?, "people have it");
        }
        Noun::Organization if name == crate::domain::declaration::OWN => {
            return Ok(vec![Mistake::plain("everybody belongs to it".to_owned())]);
        }
        Noun::Organization => {
            store::catalog::forget_declared(&mut *tx, noun.as_str(), name).await?;
            return held(store::memberships::count_members(tx, name).await?, "people belong to it");
        }
    }
    Ok(Vec::new())
}

fn held(by: i64, who: &str) -> Result<Vec<Mistake>, Fault> {
    Ok(if by == 0 { Vec::new() } else { vec![Mistake::plain(format!("{who}: {by}"))] })
}
