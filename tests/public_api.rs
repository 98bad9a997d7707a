// SPDX-License-Identifier: LGPL-2.1-only
//! The public items of each library are those of its `api.txt`, so that a change of them
//! is seen. `BLESS=1 cargo test --test public_api` writes the files anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Field, File, ForeignItem, ImplItem, ImplItemConst, Item, ItemStruct};
use syn::{Visibility, parse_quote};

/// The items of each module, by its path below the crate.
type Modules = BTreeMap<Vec<String>, Vec<Item>>;

/// Reads a module and those below it. Modules without a body are in `folder`.
fn read(items: Vec<Item>, path: Vec<String>, folder: &Path, modules: &mut Modules) {
    for item in &items {
        let Item::Mod(module) = item else { continue };
        if !is_test(&module.attrs) {
            let name = module.ident.to_string();
            let inner = folder.join(&name);
            let items = match &module.content {
                Some((_, items)) => items.clone(),
                None if inner.join("mod.rs").exists() => parse(&inner.join("mod.rs")),
                None => parse(&inner.with_extension("rs")),
            };
            read(items, [&path[..], &[name]].concat(), &inner, modules);
        }
    }
    modules.insert(path, items);
}

fn parse(file: &Path) -> Vec<Item> {
    let text = fs::read_to_string(file).expect("a source");
    syn::parse_file(&text).expect("Rust").items
}

/// Whether this is `cfg(test)` or `cfg(doctest)`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        list.is_ok_and(|list| list.path.is_ident("cfg") && list.tokens.to_string().contains("test"))
    })
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Removes the parts of an item that callers cannot use: comments, bodies, private fields.
struct Strip;

impl VisitMut for Strip {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let kept = [
            "derive",
            "repr",
            "non_exhaustive",
            "must_use",
            "cfg",
            "cfg_attr",
        ];
        attributes.retain(|attribute| kept.iter().any(|name| attribute.path().is_ident(name)));
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        block.stmts.clear();
    }

    fn visit_impl_item_const_mut(&mut self, constant: &mut ImplItemConst) {
        constant.attrs.clear();
        constant.expr = parse_quote!(_);
    }

    fn visit_field_mut(&mut self, field: &mut Field) {
        field.attrs.clear();
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        // A mark for each; `text` leaves one of them.
        for field in &mut item.fields {
            if !is_public(&field.vis) {
                field.ident = field.ident.as_ref().map(|_| parse_quote!(private));
                field.ty = parse_quote!(_);
            }
        }
        visit_mut::visit_item_struct_mut(self, item);
    }
}

/// A public item with its name; `None` for others.
fn public(mut item: Item) -> Option<(String, Item)> {
    Strip.visit_item_mut(&mut item);
    let (name, visibility) = match &item {
        Item::Const(it) => (&it.ident, &it.vis),
        Item::Enum(it) => (&it.ident, &it.vis),
        Item::Fn(it) => (&it.sig.ident, &it.vis),
        Item::Static(it) => (&it.ident, &it.vis),
        Item::Struct(it) => (&it.ident, &it.vis),
        Item::Trait(it) => (&it.ident, &it.vis),
        Item::Type(it) => (&it.ident, &it.vis),
        _ => return None,
    };
    is_public(visibility).then(|| (name.to_string(), item.clone()))
}

/// The public items of a module, by name: its own, and those that it re-exports.
fn exported(modules: &Modules, path: &[String]) -> BTreeMap<String, Item> {
    let mut all = BTreeMap::new();
    for item in &modules[path] {
        match item {
            Item::Use(it) if is_public(&it.vis) => {
                // A path of modules, then items of the last one: `pub use a::b::{C, D};`.
                let (text, mut from, mut names) = (text(vec![item.clone()]), path.to_vec(), vec![]);
                for word in words(&text).skip(2) {
                    if word == "crate" {
                        from.clear();
                        continue;
                    }
                    from.push(word.to_string());
                    if !modules.contains_key(&from) {
                        names.extend(from.pop());
                    }
                }
                let found = exported(modules, &from);
                for name in names {
                    // An item that is not found is made by a macro.
                    let ident: syn::Ident = syn::parse_str(&name).expect("a name");
                    let item = found.get(&name).cloned();
                    all.insert(name, item.unwrap_or(parse_quote!(pub use #ident;)));
                }
            }
            Item::ForeignMod(block) => {
                for function in &block.items {
                    let ForeignItem::Fn(it) = function else {
                        continue;
                    };
                    if is_public(&it.vis) {
                        let mut alone: Item = parse_quote!(unsafe extern "C" { #function });
                        Strip.visit_item_mut(&mut alone);
                        all.insert(it.sig.ident.to_string(), alone);
                    }
                }
            }
            Item::Mod(it) if is_public(&it.vis) => {
                let (ident, name) = (&it.ident, it.ident.to_string());
                let items = exported(modules, &[path, std::slice::from_ref(&name)].concat());
                let items = items.into_values();
                all.insert(name, parse_quote!(pub mod #ident { #(#items)* }));
            }
            _ => all.extend(public(item.clone())),
        }
    }
    all
}

/// The text of an `impl` without its private items; `None` unless it names one of `types`.
fn public_impl(item: &Item, types: &BTreeSet<&str>) -> Option<String> {
    let Item::Impl(it) = item else { return None };
    let mut it = it.clone();
    Strip.visit_item_impl_mut(&mut it);
    let is_trait = it.trait_.is_some();
    let mut items = std::mem::take(&mut it.items);
    items.retain(|member| match member {
        ImplItem::Fn(function) => !is_trait && is_public(&function.vis),
        ImplItem::Const(constant) => is_trait || is_public(&constant.vis),
        _ => true,
    });
    let shows = is_trait || !items.is_empty();
    let header = text(vec![it.clone().into()]);
    it.items = items;
    let names_type = words(&header).any(|word| types.contains(word));
    (shows && names_type).then(|| text(vec![it.into()]))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.filter(|part| !part.is_empty())
}

fn text(items: Vec<Item>) -> String {
    let file = parse_quote!(#(#items)*);
    let text = prettyplease::unparse(&file);
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.dedup();
    lines.concat()
}

/// The public items of the library with these items at its top.
fn api(items: Vec<Item>, folder: &Path) -> String {
    let mut modules = Modules::new();
    read(items, Vec::new(), folder, &mut modules);
    let items = text(exported(&modules, &[]).into_values().collect());
    let pairs = words(&items).zip(words(&items).skip(1));
    let types = pairs.filter(|(kind, _)| ["struct", "enum", "trait", "use"].contains(kind));
    let types = types.map(|(_, name)| name).collect();
    let all = modules.values().flatten();
    let mut impls: Vec<String> = all.filter_map(|item| public_impl(item, &types)).collect();
    impls.sort();
    impls.insert(0, items);
    impls.concat()
}

#[test]
fn public_items_are_those_that_are_checked_in() {
    for name in ["scmp", "scmp-kernel", "scmp-sys", "scmp-verify"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("crates")
            .join(name);
        let now = api(parse(&folder.join("src/lib.rs")), &folder.join("src"));
        let file = folder.join("api.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, &now).expect("a file that can be written");
        }
        let before = fs::read_to_string(&file).expect("the list");
        for (old, new) in before.lines().zip(now.lines()) {
            assert_eq!(old, new, "{}: BLESS=1 writes it anew", file.display());
        }
        assert_eq!(before.len(), now.len(), "{}", file.display());
    }
}

#[test]
fn private_items_are_not_listed() {
    let file: File = parse_quote! {
        mod inner {
            /// Text.
            #[derive(Debug)]
            pub struct Shown { pub field: u8, hidden: u8, too: u8 }
            pub struct Hidden;
            impl Shown { pub fn new() -> Shown { todo!() } pub(crate) fn hidden(&self) {} }
            impl Hidden { pub fn new() {} }
            impl From<Shown> for u8 { fn from(shown: Shown) -> u8 { shown.field } }
            impl From<Hidden> for u8 { fn from(_: Hidden) -> u8 { 0 } }
        }
        pub use inner::Shown;
        pub(crate) fn hidden() {}
        #[cfg(test)]
        mod tests { pub fn hidden() {} }
    };
    let expected = "#[derive(Debug)]\npub struct Shown {\n    pub field: u8,\n    private: _,\n}\n\
        impl From<Shown> for u8 {}\nimpl Shown {\n    pub fn new() -> Shown {}\n}\n";
    assert_eq!(api(file.items, Path::new("")), expected);
}

#[test]
#[ignore = "needs the source of crates.io's libseccomp-sys: scripts/check-rust-programs.sh"]
fn scmp_sys_has_the_items_of_libseccomp_sys() {
    let theirs = std::env::var_os("LIBSECCOMP_SYS").expect("the folder of the crate");
    let theirs = Path::new(&theirs).join("src");
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/scmp-sys/src");
    let [theirs, ours] = [theirs, ours].map(|folder| api(parse(&folder.join("lib.rs")), &folder));
    for (theirs, ours) in theirs.lines().zip(ours.lines()) {
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.len(), ours.len());
    assert!(theirs.contains("pub fn seccomp_load("));
}
