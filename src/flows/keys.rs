//! Signing keys: made at first start, rotated with overlap, sealed before they touch the database.

use super::Fault;
use super::manage::audit;
use crate::app::{App, Live, key_label};
use crate::crypto::keys::{SigningKey, generate};
use crate::domain::audit::{Act, By};
use crate::domain::client::{Algorithm, Lifetimes};
use crate::domain::ids::KeyId;
use crate::domain::time::Time;
use crate::store::keys::StoredKey;
use crate::store::{self, Tx};
use serde_json::{Value, json};
use std::time::Duration;

/// A first start names the organization and makes one key per algorithm. Nodes that start at once agree on one set.
pub async fn make_first(app: &App) -> Result<(), Fault> {
    if Algorithm::ALL.iter().all(|algorithm| app.live().keys.signer(*algorithm, app.now()).is_some()) {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    let have = store::keys::list(&mut tx).await?;
    let now = app.now();
    for algorithm in Algorithm::ALL {
        if !have.iter().any(|key| key.algorithm == algorithm.as_str() && key.leaves_at.is_none()) {
            add(app, &mut tx, algorithm, now).await?;
        }
    }
    store::catalog::name_organization(&mut tx, &format!("org_{}", app.entropy.short())).await?;
    store::catalog::raise_revision(&mut tx).await?;
    tx.commit().await?;
    app.reload().await.map_err(|error| Fault::Broken(error.to_string()))
}

#[derive(Debug)]
pub struct Rotated {
    pub algorithm: Algorithm,
    pub kid: KeyId,
    pub signs_at: Time,
    pub old_leave_at: Time,
}

/// New keys are published now and sign after the lead; old ones stay published until no token of theirs can be alive.
pub async fn rotate(app: &App, by: &By) -> Result<Vec<Rotated>, Fault> {
    let now = app.now();
    let signs_at = now.plus(app.config.keys_lead.0);
    let live = app.live();
    let declared = live.catalog.clients.values().map(|client| client.lifetimes);
    // Who registers tomorrow, or comes by a document, has the usual ones.
    let all = declared.chain([Lifetimes::default()]);
    let longest = all.map(|lifetimes| lifetimes.access.max(lifetimes.id)).max().unwrap_or_default();
    let old_leave_at = signs_at.plus(Duration::from_secs(u64::from(longest) + 3_600));
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    let mut rotated = Vec::new();
    for algorithm in Algorithm::ALL {
        let kid = add(app, &mut tx, algorithm, signs_at).await?;
        store::keys::change_leaving(&mut tx, algorithm.as_str(), kid.as_str(), old_leave_at).await?;
        rotated.push(Rotated { algorithm, kid, signs_at, old_leave_at });
    }
    let made = rotated.iter().map(|one| (one.algorithm.as_str().to_owned(), json!(one.kid.as_str()))).collect();
    let act = Act { act: "rotate", noun: "keys", name: String::new(), before: None, after: Some(Value::Object(made)) };
    audit::write(app, &mut tx, by, vec![act]).await?;
    store::catalog::raise_revision(&mut tx).await?;
    tx.commit().await?;
    app.reload().await.map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(rotated)
}

async fn add(app: &App, tx: &mut Tx, algorithm: Algorithm, signs_at: Time) -> Result<KeyId, Fault> {
    let pkcs8 = tokio::task::spawn_blocking(move || generate(algorithm))
        .await
        .map_err(|error| Fault::Broken(error.to_string()))??;
    let key = SigningKey::read(algorithm, &pkcs8, signs_at, None)?;
    let sealed = app.secret.seal.close(&key_label(key.id.as_str()), &pkcs8)?;
    let stored = StoredKey {
        kid: key.id.as_str().to_owned(),
        algorithm: algorithm.as_str().to_owned(),
        sealed,
        signs_at: signs_at.0,
        leaves_at: None,
    };
    store::keys::add(tx, &stored, app.now()).await?;
    Ok(key.id)
}

/// A key as operators see it.
pub struct Published {
    pub kid: String,
    pub algorithm: Algorithm,
    pub signs_at: Time,
    pub leaves_at: Option<Time>,
}

/// Those that are published, newest first.
pub fn published(live: &Live, now: Time) -> Vec<Published> {
    let told = |key: &SigningKey| Published {
        kid: key.id.to_string(),
        algorithm: key.algorithm,
        signs_at: key.signs_at,
        leaves_at: key.leaves_at,
    };
    live.keys.published(now).map(told).collect()
}
