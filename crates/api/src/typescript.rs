//! Keeps `ui/src/lib/api.ts` equal to the command table.

use std::{collections::BTreeMap, path::Path};

use ts_rs::{Config, TS, TypeVisitor};

use crate::{error::Error, table::Commands, types::Event};

const HEADER: &str =
    "// Generated from crates/api by `cargo test -p streembit-api`. Do not edit.\n";

#[derive(Default)]
struct Declarations {
    config: Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(&self.config);
        if self.found.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = format!("{docs}export {}\n", T::decl(&self.config));
        let text = text.replace(" \n", "\n");
        self.found.insert(name, text);
        T::visit_dependencies(self);
    }
}

fn generate() -> String {
    let mut declarations = Declarations {
        config: Config::new().with_large_int("number"),
        ..Declarations::default()
    };
    declarations.visit::<Commands>();
    declarations.visit::<Event>();
    declarations.visit::<Error>();
    let parts: Vec<_> = declarations.found.into_values().collect();
    format!("{HEADER}\n{}", parts.join("\n"))
}

#[test]
fn typescript_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/api.ts");
    let wanted = generate();

    let found = std::fs::read_to_string(&path).unwrap_or_default();

    if found != wanted {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, wanted).unwrap();
        panic!("api.ts was out of date; it has been written anew");
    }
}
