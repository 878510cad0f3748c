#!/usr/bin/env bash
# Sets up identities for patless from one CSV: app registrations, the jobs that may be them, and their places in Azure DevOps.
# Run it again whenever the CSV grows: what is there already is left as it is. Nothing is ever removed.
#
#   usage: set-up-identities.sh identities.csv > identities-made.csv
#
# Needs bash, `az` (signed in, with the extension azure-devops) and `gh` (signed in). docs/MIGRATING.md tells of the columns.
# First it checks the whole CSV, then it asks GitHub, Microsoft Entra and Azure DevOps; only then does it write, one thing after
# the other: Microsoft Entra answers concurrent writes to the credentials of one identity with 409.
set -euo pipefail

HEADER='identity,repository,subject,organization,project,group'
ISSUER=${GITHUB_OIDC_ISSUER:-https://token.actions.githubusercontent.com}
AUDIENCE=api://AzureADTokenExchange
AZURE_DEVOPS=499b84ac-1321-427f-aa17-267ca6975798
MOST_CREDENTIALS=20

main() {
  if [ $# -ne 1 ] || [ ! -r "$1" ]; then
    say 'usage: set-up-identities.sh identities.csv'
    exit 2
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # Without the byte order mark and the line ends that spreadsheets write, and without empty lines.
  sed -e $'1s/^\xef\xbb\xbf//' -e $'s/\r$//' "$1" | grep -n '[^[:space:],]' > "$work/lines" || true

  check_rows
  resolve_subjects
  check_what_is_there
  end_if_mistaken
  echo 'identity,client-id,object-id,organization'
  write_everything
}

# --- Every row, before anything is asked -------------------------------------------------------------------------------------

check_rows() {
  local number line rest
  IFS=: read -r number line < "$work/lines" || true
  [ "${line:-}" = "$HEADER" ] || mistake 1 "the first line must be: $HEADER"
  : > "$work/rows"
  while IFS=: read -r number rest; do
    check_row "$number" "$rest"
  done < <(tail -n +2 "$work/lines")
  [ -s "$work/rows" ] || mistake 2 'there is no row'
  end_if_mistaken
}

check_row() {
  local number=$1 commas identity repository subject organization project group
  commas=${2//[^,]/}
  if [ ${#commas} -ne 5 ] || [[ $2 == *'"'* ]]; then
    mistake "$number" 'must have six fields, without quotes and without commas in them'
    return
  fi
  IFS=, read -r identity repository subject organization project group <<< "$2"
  fits "$number" identity "$identity" '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,89}$'
  fits "$number" repository "$repository" '^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$'
  fits "$number" organization "$organization" '^[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?$'
  fits "$number" project "$project" '^[A-Za-z0-9 ._()-]*$'
  fits "$number" group "$group" '^[A-Za-z0-9 ._()-]*$'
  if [ -n "$project" ] && [ -z "$group" ]; then mistake "$number" 'names a project without a group'; fi
  if [ -z "$project" ] && [ -n "$group" ]; then mistake "$number" 'names a group without a project'; fi
  case $subject in
    *pull_request) mistake "$number" 'whoever can open a pull request would be this identity: name an environment or a ref' ;;
    *[*?\\\ ]*) mistake "$number" 'a subject has no wildcards and no spaces: it is compared letter by letter' ;;
    environment:?* | ref:refs/heads/?* | ref:refs/tags/?* | *:*:?*) ;;
    *) mistake "$number" 'the subject must be environment:NAME, ref:refs/heads/BRANCH, ref:refs/tags/TAG, or a whole subject' ;;
  esac
  if grep -qxF "$2" "$work/seen" 2> /dev/null; then mistake "$number" 'is a row that was there before'; fi
  printf '%s\n' "$2" >> "$work/seen"
  printf '%s\n' "$number,$2" >> "$work/rows"
}

fits() {
  [[ $3 =~ $4 ]] || mistake "$1" "the $2 cannot be '$3'"
}

# --- What GitHub, Microsoft Entra and Azure DevOps say, before anything is written --------------------------------------------

# rows -> resolved: the subject as GitHub gives it to jobs, with or without IDs in it.
resolve_subjects() {
  local number identity repository subject organization project group prefix
  : > "$work/resolved"
  : > "$work/prefixes"
  while IFS=, read -r number identity repository subject organization project group; do
    case $subject in
      environment:* | ref:*)
        grep -qF "$repository " "$work/prefixes" || find_prefix "$repository"
        prefix=$(awk -v repository="$repository" '$1 == repository { print $2; exit }' "$work/prefixes")
        if [ -z "$prefix" ]; then
          mistake "$number" "GitHub does not tell how the subjects of $repository begin (a custom template, or no such repository): run a job once, and give the whole subject that patless shows"
          continue
        fi
        # GitHub writes a colon in a name as %3A.
        case $subject in environment:*) subject=environment:$(colons_encoded "${subject#environment:}") ;; esac
        subject=$prefix:$subject
        ;;
    esac
    printf '%s\n' "$number,$identity,$repository,$subject,$organization,$project,$group" >> "$work/resolved"
  done < "$work/rows"
  end_if_mistaken
}

# Nothing for a custom template, which has no such beginning.
find_prefix() {
  local prefix
  prefix=$(gh api "repos/$1/actions/oidc/customization/sub" \
    --jq 'if .use_default == false then "" else .sub_claim_prefix // "" end' < /dev/null) || prefix=
  printf '%s %s\n' "$1" "$prefix" >> "$work/prefixes"
}

colons_encoded() {
  printf '%s' "${1//:/%3A}"
}

check_what_is_there() {
  local identity organization project group
  while read -r identity; do
    find_app "$identity"
    if [[ $client == *$'\n'* ]]; then
      mistake '' "Microsoft Entra has several app registrations called $identity: rename all but one"
    else
      check_count "$identity"
    fi
  done < <(fields_of '' 2)
  while IFS=, read -r organization project group; do
    [ -n "$group" ] || continue
    find_group "$organization" "$project" "$group"
    [ -n "$group_descriptor" ] ||
      mistake '' "there is no group $group in the project $project of $organization, or you may not see it"
  done < <(fields_of '' 5-7)
  end_if_mistaken
}

check_count() {
  subjects=
  [ -z "$client" ] || find_subjects "$client"
  [ "$({ printf '%s\n' "$subjects" && fields_of "$1" 4; } | grep . | sort -u | wc -l)" -le "$MOST_CREDENTIALS" ] ||
    mistake '' "$1 would have more than $MOST_CREDENTIALS federated credentials: give some of its repositories another identity"
}

# The fields of an identity's rows, or of all rows, each combination once.
fields_of() {
  awk -F, -v identity="$1" 'identity == "" || $2 == identity' "$work/resolved" | cut -d, -f "$2" | sort -u
}

# Each of these sets one variable, which is empty when there is no such thing; a question that fails ends the script.

find_app() {
  client=$(quietly az ad app list --display-name "$1" --query "[?displayName=='$1'].appId" --output tsv)
}

find_subjects() {
  subjects=$(quietly az ad app federated-credential list --id "$1" --query "[?issuer=='$ISSUER'].subject" --output tsv)
}

find_group() {
  group_descriptor=$(quietly az devops security group list --organization "https://dev.azure.com/$1" --project "$2" \
    --query "graphGroups[?displayName=='$3'].descriptor" --output tsv)
}

find_member() {
  member=$(quietly az rest --method get --resource "$AZURE_DEVOPS" \
    --url "https://vssps.dev.azure.com/$1/_apis/graph/serviceprincipals?api-version=7.1-preview.1" \
    --query "value[?originId=='$2'].descriptor" --output tsv)
}

# --- Writing, identity by identity; each thing only if it is not there --------------------------------------------------------

write_everything() {
  local identity repository subject organization project group
  while read -r identity; do
    register "$identity"
    find_subjects "$client"
    while IFS=, read -r repository subject; do
      trust "$identity" "$repository" "$subject"
    done < <(fields_of "$identity" 3,4)
    while read -r organization; do
      admit "$organization" "$identity"
      while IFS=, read -r project group; do
        [ -z "$group" ] || join "$organization" "$project" "$group" "$identity"
      done < <(fields_of "$identity" 5-7 | awk -F, -v organization="$organization" '$1 == organization' | cut -d, -f 2,3)
      printf '%s\n' "$identity,$client,$object,$organization"
    done < <(fields_of "$identity" 5)
  done < <(fields_of '' 2)
}

# Sets client and object.
register() {
  find_app "$1"
  if [ -z "$client" ]; then
    say "+ app registration $1"
    client=$(quietly az ad app create --display-name "$1" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  fi
  object=$(quietly az ad sp list --filter "appId eq '$client'" --query '[].id' --output tsv)
  if [ -z "$object" ]; then
    say "+ service principal of $1"
    object=$(patiently az ad sp create --id "$client" --query id --output tsv)
  fi
}

trust() {
  local name
  if grep -qxF "$3" <<< "$subjects"; then return; fi
  say "+ $1 may be: $3"
  name=$(printf '%s' "${2#*/}-${3##*:}" | tr -c 'A-Za-z0-9_-' '-' | cut -c 1-100)-$(sum_of "$3")
  patiently az ad app federated-credential create --id "$client" --output none --parameters \
    "{\"name\": \"$name\", \"issuer\": \"$ISSUER\", \"subject\": \"$3\", \"audiences\": [\"$AUDIENCE\"]}"
}

# Makes it a member with the access level Basic; sets member.
admit() {
  local added
  find_member "$1" "$object"
  if [ -n "$member" ]; then return; fi
  say "+ $2 in the organization $1, access level Basic"
  added=$(patiently az rest --method post --resource "$AZURE_DEVOPS" --headers Content-Type=application/json \
    --url "https://vsaex.dev.azure.com/$1/_apis/serviceprincipalentitlements?api-version=7.1-preview.1" \
    --body "{\"accessLevel\": {\"accountLicenseType\": \"express\"}, \"servicePrincipal\": {\"origin\": \"aad\", \"originId\": \"$object\", \"subjectKind\": \"servicePrincipal\"}}" \
    --query isSuccess --output tsv)
  # It answers 200 also when there is no licence left.
  case $added in
    [Tt]rue) ;;
    *) fail "$1 did not take $2: is there a Basic licence left, and is the organization in this tenant?" ;;
  esac
  find_member "$1" "$object"
  [ -n "$member" ] || fail "$1 does not list $2 yet: run this again in a minute"
}

join() {
  local url
  find_group "$1" "$2" "$3"
  url="https://vssps.dev.azure.com/$1/_apis/graph/memberships/$member/$group_descriptor?api-version=7.1-preview.1"
  # 404 means no; whatever else is wrong, the request that follows tells.
  if quietly az rest --method get --resource "$AZURE_DEVOPS" --url "$url" --output none 2> /dev/null; then return; fi
  say "+ $4 in the group $3 of $1/$2"
  patiently az rest --method put --resource "$AZURE_DEVOPS" --url "$url" --output none
}

# --- ---------------------------------------------------------------------------------------------------------------------------

# Whatever has just been made is not known everywhere at once.
patiently() {
  local try
  for try in 1 2 3 4; do
    if quietly "$@"; then return; fi
    say "  not yet; once more in $((try * 5)) seconds"
    sleep "$((try * 5))"
  done
  quietly "$@"
}

# The rows come from standard input, which az must not read.
quietly() {
  "$@" < /dev/null
}

sum_of() {
  printf '%s' "$1" | cksum | cut -d ' ' -f 1
}

say() {
  printf '%s\n' "$1" >&2
}

mistake() {
  say "${1:+line $1: }$2"
  : > "$work/mistaken"
}

end_if_mistaken() {
  [ ! -e "$work/mistaken" ] || fail 'Nothing was written.'
}

fail() {
  say "$1"
  exit 1
}

main "$@"
