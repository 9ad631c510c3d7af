// A party of FROST by the crates of the Zcash Foundation: one process for one party. It reads a command in JSON from each
// line of its standard input, and answers in a line of its output: {"ok": ..} or {"error": ".."}. Bytes are hex. Only the
// fields travel, as SCHEMES 3.3 and 4.2 have them; the crates' own packages do not.
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{stdin, stdout, BufRead, Write};

use frost_core::keys::dkg::{self, round1, round2};
use frost_core::keys::{KeyPackage, PublicKeyPackage, SigningShare, VerifiableSecretSharingCommitment};
use frost_core::round1::{commit, NonceCommitment, SigningCommitments, SigningNonces};
use frost_core::round2::{sign, SignatureShare};
use frost_core::{aggregate, Ciphersuite, Identifier, Signature, SigningPackage};
use rand_core::OsRng;
use serde_json::{json, Value};

type Answer = Result<Value, Box<dyn Error>>;

/// What a party remembers from one command to the next.
struct Party<C: Ciphersuite> {
    first: Option<round1::SecretPackage<C>>,
    dealings: BTreeMap<Identifier<C>, round1::Package<C>>,
    second: Option<round2::SecretPackage<C>>,
    key: Option<(KeyPackage<C>, PublicKeyPackage<C>)>,
    nonces: Option<SigningNonces<C>>,
    signing: Option<SigningPackage<C>>,
}

fn main() {
    let suite = std::env::args().nth(1).unwrap_or_default();
    match suite.as_str() {
        "ed25519" => serve::<frost_ed25519::Ed25519Sha512>(),
        "taproot" => serve::<frost_secp256k1_tr::Secp256K1Sha256TR>(),
        _ => {
            eprintln!("the suite is ed25519 or taproot");
            std::process::exit(2)
        }
    }
}

fn serve<C: Ciphersuite>() {
    let mut party = Party::<C> {
        first: None,
        dealings: BTreeMap::new(),
        second: None,
        key: None,
        nonces: None,
        signing: None,
    };
    for line in stdin().lock().lines() {
        let answer = line
            .map_err(Into::into)
            .and_then(|text| serde_json::from_str(&text).map_err(Into::into))
            .and_then(|command| party.answer(&command));
        let said = match answer {
            Ok(value) => json!({ "ok": value }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        println!("{said}");
        let _ = stdout().flush();
    }
}

impl<C: Ciphersuite> Party<C> {
    fn answer(&mut self, command: &Value) -> Answer {
        match text(command, "do")? {
            "deal" => self.deal(command),
            "share" => self.share(command),
            "finish" => self.finish(command),
            "commit" => self.commit(),
            "sign" => self.sign(command),
            "aggregate" => self.aggregate(command),
            _ => Err("unknown command".into()),
        }
    }

    fn deal(&mut self, command: &Value) -> Answer {
        let count = |name: &str| command[name].as_u64().and_then(|n| u16::try_from(n).ok()).ok_or("no count");
        let (secret, package) = dkg::part1::<C, _>(identifier(text(command, "id")?)?, count("n")?, count("t")?, OsRng)?;
        self.first = Some(secret);
        let commitments: Vec<String> = package.commitment().serialize()?.iter().map(hex::encode).collect();
        let proof = hex::encode(package.proof_of_knowledge().serialize()?);
        Ok(json!({ "commitments": commitments, "proof": proof }))
    }

    fn share(&mut self, command: &Value) -> Answer {
        for (id, said) in entries(command, "dealings")? {
            let commitments = said["commitments"].as_array().ok_or("no commitments")?;
            let elements = commitments.iter().map(|each| bytes(each)).collect::<Result<Vec<_>, _>>()?;
            let commitment = VerifiableSecretSharingCommitment::<C>::deserialize(elements)?;
            let proof = Signature::<C>::deserialize(&bytes(&said["proof"])?)?;
            self.dealings.insert(identifier(id)?, round1::Package::new(commitment, proof));
        }
        let (secret, shares) = dkg::part2(self.first.take().ok_or("not dealt")?, &self.dealings)?;
        self.second = Some(secret);
        let shares: BTreeMap<String, String> = shares
            .iter()
            .map(|(id, package)| (hex::encode(id.serialize()), hex::encode(package.signing_share().serialize())))
            .collect();
        Ok(json!(shares))
    }

    fn finish(&mut self, command: &Value) -> Answer {
        let mut shares = BTreeMap::new();
        for (id, share) in entries(command, "shares")? {
            shares.insert(identifier(id)?, round2::Package::new(SigningShare::<C>::deserialize(&bytes(share)?)?));
        }
        let second = self.second.as_ref().ok_or("no shares yet")?;
        let (key, public) = dkg::part3(second, &self.dealings, &shares)?;
        let group_key = hex::encode(public.verifying_key().serialize()?);
        self.key = Some((key, public));
        Ok(json!({ "groupKey": group_key }))
    }

    fn commit(&mut self) -> Answer {
        let (key, _) = self.key.as_ref().ok_or("no key yet")?;
        let (nonces, commitments) = commit(key.signing_share(), &mut OsRng);
        self.nonces = Some(nonces);
        let hiding = hex::encode(commitments.hiding().serialize()?);
        let binding = hex::encode(commitments.binding().serialize()?);
        Ok(json!({ "hiding": hiding, "binding": binding }))
    }

    fn sign(&mut self, command: &Value) -> Answer {
        let mut commitments = BTreeMap::new();
        for (id, said) in entries(command, "commitments")? {
            let hiding = NonceCommitment::<C>::deserialize(&bytes(&said["hiding"])?)?;
            let binding = NonceCommitment::<C>::deserialize(&bytes(&said["binding"])?)?;
            commitments.insert(identifier(id)?, SigningCommitments::new(hiding, binding));
        }
        let package = SigningPackage::new(commitments, &bytes(&command["message"])?);
        let (key, _) = self.key.as_ref().ok_or("no key yet")?;
        let share = sign(&package, &self.nonces.take().ok_or("no nonces")?, key)?;
        self.signing = Some(package);
        Ok(json!(hex::encode(share.serialize())))
    }

    fn aggregate(&mut self, command: &Value) -> Answer {
        let mut shares = BTreeMap::new();
        for (id, share) in entries(command, "shares")? {
            shares.insert(identifier(id)?, SignatureShare::<C>::deserialize(&bytes(share)?)?);
        }
        let (_, public) = self.key.as_ref().ok_or("no key yet")?;
        let signature = aggregate(&self.signing.take().ok_or("not signed")?, &shares, public)?;
        Ok(json!(hex::encode(signature.serialize()?)))
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, String> {
    value[name].as_str().ok_or(format!("no {name}"))
}

fn entries<'a>(value: &'a Value, name: &str) -> Result<impl Iterator<Item = (&'a str, &'a Value)>, String> {
    let map = value[name].as_object().ok_or(format!("no {name}"))?;
    Ok(map.iter().map(|(id, said)| (id.as_str(), said)))
}

fn bytes(value: &Value) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(hex::decode(value.as_str().ok_or("no bytes")?)?)
}

fn identifier<C: Ciphersuite>(id: &str) -> Result<Identifier<C>, Box<dyn Error>> {
    Ok(Identifier::deserialize(&hex::decode(id)?)?)
}
