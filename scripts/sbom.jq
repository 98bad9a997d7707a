# SPDX-License-Identifier: LGPL-2.1-only
#
# From `cargo metadata` to a CycloneDX 1.5 document about the C library and the programs
# beside it: the crates that are linked into them, and, with scope "excluded", those that
# only run when they are built.
# Variables: $lock (the text of Cargo.lock), $epoch (seconds).

(.packages | map({key: .id, value: .}) | from_entries) as $package
| (.resolve.nodes | map({key: .id, value: .deps}) | from_entries) as $deps
| ([$lock | scan("name = \"([^\"]+)\"\nversion = \"([^\"]+)\"\nsource = [^\n]+\nchecksum = \"([0-9a-f]+)\"")]
    | map({key: "\(.[0])@\(.[1])", value: .[2]}) | from_entries) as $checksum
| first(.packages[] | select(.name == "scmp-capi") | .id) as $root
| [.packages[] | select(.name | IN("scmp-capi", "scmp-cli", "scmp-tools")) | .id] as $roots

| def at_version: $package[.] | "\(.name)@\(.version)";
  # Crates of this tree are in no registry, so they have no package URL.
  def ref: if $package[.].source then "pkg:cargo/" + at_version else at_version end;
  # Of other systems: never built.
  def is_foreign: .target // "" | contains("windows");
  def needs(kinds): $deps[.][] | select(any(.dep_kinds[] | select(is_foreign | not).kind; IN(kinds))) | .pkg;
  def is_macro: any($package[.].targets[].kind[]; . == "proc-macro");
  def component:
    $package[.] as $p | {
      type: "library", "bom-ref": ref, name: $p.name, version: $p.version,
      description: ($p.description | gsub("\\s+"; " ") | rtrimstr(" ")),
      licenses: [{expression: ($p.license | gsub("/"; " OR "))}]
    }
    + if $p.source then {purl: ref, hashes: [{alg: "SHA-256", content: $checksum[at_version]}]} else {} end;

  ([$roots[] | recurse(needs(null) | select(is_macro | not))] | unique) as $linked
| ([$roots[] | recurse(needs(null, "build"))] | unique) as $all
| {
    "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
    metadata: {timestamp: ($epoch | tonumber | todate), component: ($root | component)},
    components: [$all[] | select(. != $root) | component + {scope: (if IN($linked[]) then "required" else "excluded" end)}]
      | sort_by(.["bom-ref"]),
    dependencies: [$all[] | {ref: ref, dependsOn: ([needs(null, "build") | ref] | unique)}]
      | sort_by(.ref)
  }
