//! What operators declared. Read whole, when its revision moved; written by `flows::manage`.

use super::error::StoreError;
use super::row::row;
use super::sql::{On, sql};
use crate::domain::carrier::Carrier;
use crate::domain::catalog::{Catalog, SealedCarrier, TestIdentifier};
use crate::domain::client::Client;
use crate::domain::connection::Connection;
use crate::domain::delivery::Cap;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::ClientId;
use crate::domain::organization::Organization;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

row! {
    struct Installation {
        revision: i64,
        organization: String,
    }
}

row! {
    struct Document {
        document: String,
    }
}

row! {
    struct CarrierRow {
        document: String,
        credentials: Option<Vec<u8>>,
    }
}

row! {
    struct Declared {
        kind: String,
        document: String,
    }
}

row! {
    struct TestRow {
        kind: String,
        value: String,
        passcode: String,
    }
}

pub(super) fn read<T: DeserializeOwned>(table: &'static str, document: &str) -> Result<T, StoreError> {
    serde_json::from_str(document).map_err(|error| StoreError::inconsistent(table, error.to_string()))
}

fn write<T: Serialize>(table: &'static str, noun: &T) -> Result<String, StoreError> {
    serde_json::to_string(noun).map_err(|error| StoreError::inconsistent(table, error.to_string()))
}

/// The revision of catalog and keys, and the organization's code.
pub async fn find_revision(on: impl Into<On<'_>>) -> Result<(i64, String), StoreError> {
    let row: Option<Installation> =
        sql("SELECT revision, organization FROM installation WHERE id = 1").optional(on).await?;
    let row = row.ok_or_else(|| StoreError::inconsistent("installation", "its one row is missing"))?;
    Ok((row.revision, row.organization))
}

pub async fn raise_revision(on: impl Into<On<'_>>) -> Result<(), StoreError> {
    sql("UPDATE installation SET revision = revision + 1 WHERE id = 1").execute(on).await.map(drop)
}

/// Names the organization, once.
pub async fn name_organization(on: impl Into<On<'_>>, organization: &str) -> Result<(), StoreError> {
    sql("UPDATE installation SET organization = $1 WHERE id = 1 AND organization = ''")
        .bind(organization)
        .execute(on)
        .await
        .map(drop)
}

/// Within a transaction: nobody changes catalog or keys meanwhile. The update takes the row's lock on both engines.
pub async fn hold(tx: &mut super::Tx) -> Result<(), StoreError> {
    sql("UPDATE installation SET revision = revision WHERE id = 1").execute(tx).await.map(drop)
}

pub async fn list(tx: &mut super::Tx) -> Result<Catalog, StoreError> {
    let (revision, organization) = find_revision(&mut *tx).await?;
    let clients: Vec<Document> = sql("SELECT document FROM clients").all(&mut *tx).await?;
    let connections: Vec<Document> = sql("SELECT document FROM connections ORDER BY name").all(&mut *tx).await?;
    let carriers: Vec<CarrierRow> =
        sql("SELECT document, credentials FROM carriers ORDER BY place, name").all(&mut *tx).await?;
    let tests: Vec<TestRow> = sql("SELECT kind, value, passcode FROM test_identifiers").all(&mut *tx).await?;
    let own_organization =
        Organization { code: organization.clone(), name: "Default".into(), ..Organization::default() };
    let mut catalog = Catalog { revision, organization, own_organization, ..Catalog::default() };
    for row in clients {
        let client: Client = read("clients", &row.document)?;
        catalog.clients.insert(client.id.as_str().to_owned(), Arc::new(client));
    }
    for row in connections {
        catalog.connections.push(read("connections", &row.document)?);
    }
    for row in carriers {
        catalog
            .carriers
            .push(SealedCarrier { carrier: read("carriers", &row.document)?, credentials: row.credentials });
    }
    let caps: Vec<Document> = sql("SELECT document FROM caps ORDER BY id").all(&mut *tx).await?;
    for row in caps {
        catalog.caps.push(read("caps", &row.document)?);
    }
    // There may be many organizations, made by the people in them: each is read with its people.
    let declared: Vec<Declared> =
        sql("SELECT kind, document FROM declared WHERE kind <> 'organization' OR name = $1 ORDER BY kind, name")
            .bind(&catalog.organization)
            .all(&mut *tx)
            .await?;
    for row in declared {
        match row.kind.as_str() {
            "resource" => catalog.resources.push(read("declared", &row.document)?),
            "organization" => catalog.own_organization = read("declared", &row.document)?,
            "role" => catalog.roles.push(read("declared", &row.document)?),
            "permission" => catalog.permissions.push(read("declared", &row.document)?),
            "feature_flag" => catalog.flags.push(read("declared", &row.document)?),
            "registration" => catalog.registrations.push(read("declared", &row.document)?),
            "scope" => catalog.scopes.push(read("declared", &row.document)?),
            "event_endpoint" => catalog.event_endpoints.push(read("declared", &row.document)?),
            "text" => catalog.wordings.push(read("declared", &row.document)?),
            // Of a newer version than this one.
            _ => {}
        }
    }
    for row in tests {
        let kind = Kind::parse(&row.kind).ok_or_else(|| StoreError::inconsistent("test_identifiers", "kind"))?;
        catalog
            .test_identifiers
            .push(TestIdentifier { identifier: Identifier::stored(kind, row.value), passcode: row.passcode });
    }
    Ok(catalog)
}

pub async fn change_client(on: impl Into<On<'_>>, client: &Client) -> Result<(), StoreError> {
    sql("INSERT INTO clients (id, document) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET document = excluded.document")
        .bind(&client.id)
        .bind(write("clients", client)?)
        .execute(on)
        .await
        .map(drop)
}

/// One that registered itself and takes it back.
pub async fn forget_client(on: impl Into<On<'_>>, id: &ClientId) -> Result<bool, StoreError> {
    Ok(sql("DELETE FROM clients WHERE id = $1").bind(id).execute(on).await? == 1)
}

/// One as it stands now, whatever this node has read.
pub async fn find_client(on: impl Into<On<'_>>, id: &ClientId) -> Result<Option<Client>, StoreError> {
    let row: Option<Document> = sql("SELECT document FROM clients WHERE id = $1").bind(id).optional(on).await?;
    row.map(|row| read("clients", &row.document)).transpose()
}

pub async fn change_connection(on: impl Into<On<'_>>, connection: &Connection) -> Result<(), StoreError> {
    sql("INSERT INTO connections (id, name, document) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET name = excluded.name, document = excluded.document")
        .bind(&connection.id)
        .bind(&connection.name)
        .bind(write("connections", connection)?)
        .execute(on)
        .await
        .map(drop)
}

pub async fn change_carrier(
    on: impl Into<On<'_>>,
    carrier: &Carrier,
    credentials: Option<Vec<u8>>,
    place: i64,
) -> Result<(), StoreError> {
    sql("INSERT INTO carriers (name, document, credentials, place) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET document = excluded.document, credentials = excluded.credentials, place = excluded.place")
        .bind(&carrier.name)
        .bind(write("carriers", carrier)?)
        .bind(credentials)
        .bind(place)
        .execute(on)
        .await
        .map(drop)
}

pub async fn change_cap(on: impl Into<On<'_>>, cap: &Cap) -> Result<(), StoreError> {
    sql("INSERT INTO caps (id, document) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET document = excluded.document")
        .bind(cap.id())
        .bind(write("caps", cap)?)
        .execute(on)
        .await
        .map(drop)
}

pub async fn find_organization(on: impl Into<On<'_>>, code: &str) -> Result<Option<Organization>, StoreError> {
    let row: Option<Document> =
        sql("SELECT document FROM declared WHERE kind = 'organization' AND name = $1").bind(code).optional(on).await?;
    row.map(|row| read("declared", &row.document)).transpose()
}

/// All but the one everybody belongs to.
pub async fn list_organizations(on: impl Into<On<'_>>, own: &str) -> Result<Vec<Organization>, StoreError> {
    let rows: Vec<Document> =
        sql("SELECT document FROM declared WHERE kind = 'organization' AND name <> $1 ORDER BY name")
            .bind(own)
            .all(on)
            .await?;
    rows.iter().map(|row| read("declared", &row.document)).collect()
}

/// The same, a page at a time: those whose code comes after this one.
pub async fn list_organizations_after(
    on: impl Into<On<'_>>,
    own: &str,
    after: &str,
    most: i64,
) -> Result<Vec<Organization>, StoreError> {
    let rows: Vec<Document> = sql(
        "SELECT document FROM declared WHERE kind = 'organization' AND name <> $1 AND name > $2 ORDER BY name LIMIT $3",
    )
    .bind(own)
    .bind(after)
    .bind(most)
    .all(on)
    .await?;
    rows.iter().map(|row| read("declared", &row.document)).collect()
}

/// Anything declared that is one document under a name: a resource, a scope.
pub async fn change_declared<T: Serialize>(
    on: impl Into<On<'_>>,
    kind: &'static str,
    name: &str,
    noun: &T,
) -> Result<(), StoreError> {
    sql("INSERT INTO declared (kind, name, document) VALUES ($1, $2, $3) ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document")
        .bind(kind)
        .bind(name)
        .bind(write("declared", noun)?)
        .execute(on)
        .await
        .map(drop)
}

pub async fn change_test_identifier(on: impl Into<On<'_>>, test: &TestIdentifier) -> Result<(), StoreError> {
    sql("INSERT INTO test_identifiers (kind, value, passcode) VALUES ($1, $2, $3) ON CONFLICT (kind, value) DO UPDATE SET passcode = excluded.passcode")
        .bind(test.identifier.kind().as_str())
        .bind(test.identifier.reveal())
        .bind(&test.passcode)
        .execute(on)
        .await
        .map(drop)
}

pub async fn forget_connection(on: impl Into<On<'_>>, name: &str) -> Result<(), StoreError> {
    sql("DELETE FROM connections WHERE name = $1").bind(name).execute(on).await.map(drop)
}

pub async fn forget_carrier(on: impl Into<On<'_>>, name: &str) -> Result<(), StoreError> {
    sql("DELETE FROM carriers WHERE name = $1").bind(name).execute(on).await.map(drop)
}

pub async fn forget_cap(on: impl Into<On<'_>>, cap: &Cap) -> Result<(), StoreError> {
    sql("DELETE FROM caps WHERE id = $1").bind(cap.id()).execute(on).await.map(drop)
}

pub async fn forget_declared(on: impl Into<On<'_>>, kind: &'static str, name: &str) -> Result<(), StoreError> {
    sql("DELETE FROM declared WHERE kind = $1 AND name = $2").bind(kind).bind(name).execute(on).await.map(drop)
}

pub async fn forget_test_identifier(on: impl Into<On<'_>>, identifier: &Identifier) -> Result<(), StoreError> {
    sql("DELETE FROM test_identifiers WHERE kind = $1 AND value = $2")
        .bind(identifier.kind().as_str())
        .bind(identifier.reveal())
        .execute(on)
        .await
        .map(drop)
}
