// Every refusal of Microsoft Entra that patless explains: what happened, what to do, and whether trying again may help.
// Source: Microsoft, "Microsoft Entra authentication and authorization error codes"; docs/TROUBLESHOOTING.md has each text.
import type { RetryClass } from '../errors.js';

export interface Row {
  /** In plain words, as a sentence. */
  readonly happened: string;
  readonly cure: string;
  /** Ready to paste. Here and in the cure, `{client-id}` and `{tenant-id}` stand for the IDs in use. */
  readonly command?: string;
  readonly retry?: RetryClass;
  /** The cure is a federated credential: the part that differs is explained, and the command printed. */
  readonly credential?: 'issuer' | 'audience' | 'subject' | 'all';
  /** The clock of this machine may be the reason, and is shown beside the servers'. */
  readonly clock?: true;
}

const NO_CONDITIONAL_ACCESS =
  'Trying again does not help. Ask who runs Microsoft Entra to leave this service principal out of the policy, or to ' +
  'allow the addresses that this runner comes from (hosted runners have many). The sign-in log names the policy.';

const PASSING: Row = {
  happened: 'Microsoft Entra had a fault that passes.',
  cure: 'Run the job again later.',
  retry: 'transient',
};

const WRONG_CLOUD: Row = {
  happened: 'The tenant belongs to another (national) cloud.',
  cure: 'Azure DevOps Services is in the public cloud only: give the tenant of the organization there.',
};

const NOT_FOR_FEDERATION: Row = {
  happened: 'The application is not set up for this kind of sign-in.',
  cure: 'Use an app registration that is a confidential client, with a federated credential and without certificates.',
};

const BROKEN_TOKEN: Row = {
  happened: 'The ID token that reached Microsoft Entra is not a whole JWT.',
  cure: 'Something on the way changed it. Run the job again; if it repeats, look at the proxy of this runner.',
};

const NO_TOKEN: Row = {
  happened: 'No ID token reached Microsoft Entra.',
  cure: 'Something on the way dropped it. Run the job again; if it repeats, look at the proxy of this runner.',
};

const BAD_SCOPE: Row = {
  happened: 'The scope is not valid.',
  cure: 'patless asks for a fixed scope: please report this.',
};

const USER_FLOW: Row = {
  happened: 'Microsoft Entra took this for the sign-in of a user.',
  cure: '`client-id` must be that of an application or of a managed identity in the tenant {tenant-id}.',
};

export const REFUSALS: Readonly<Record<number, Row>> = {
  700211: {
    happened: 'No federated credential of this application has the issuer that was presented.',
    cure: 'Compare the issuers letter by letter, or add a credential for this one.',
    credential: 'issuer',
  },
  700212: {
    happened: 'No federated credential of this application has the audience that was presented.',
    cure: 'The audience of the credential and the input `audience` must be the same: usually api://AzureADTokenExchange.',
    credential: 'audience',
  },
  700213: {
    happened: 'No federated credential of this application has the subject that was presented.',
    cure: 'Compare the subjects letter by letter, or add a credential for this one.',
    retry: 'propagation',
    credential: 'subject',
  },
  7002138: {
    happened: 'A federated credential has this subject, but with other capital or small letters.',
    cure: 'Replace it by one with exactly this subject: since 2024 Microsoft Entra compares letter case.',
    credential: 'all',
  },
  7002137: {
    happened: 'The federated credential does not have the subject of this service connection.',
    cure: 'Copy issuer and subject from the service connection (Azure DevOps, Project settings) into the credential.',
    credential: 'subject',
  },
  70021: {
    happened:
      'No federated credential of this application matches the issuer, subject and audience presented.',
    cure: 'Compare all three letter by letter, or add a credential for them.',
    retry: 'propagation',
    credential: 'subject',
  },
  70025: {
    happened: 'This application has no federated credential at all.',
    cure: 'Check that `client-id` is the application meant; if it is, add a credential.',
    retry: 'propagation',
    credential: 'all',
  },
  700016: {
    happened: 'The tenant knows no application with this client ID.',
    cure:
      '`client-id` must be the application (client) ID: not an object ID, and not the tenant ID. ' +
      'If this command prints another ID, that one is the client ID; if it finds nothing, `tenant-id` is another ' +
      "application's tenant.",
    command: 'az ad sp show --id {client-id} --query appId --output tsv',
    retry: 'new-setup',
  },
  7000229: {
    happened: 'The application exists, but has no service principal in this tenant.',
    cure: 'Make it, signed in to the tenant {tenant-id}.',
    command: 'az ad sp create --id {client-id}',
    retry: 'new-setup',
  },
  7000112: {
    happened: 'The application is disabled.',
    cure: 'Enable it, once you know why it was disabled.',
    command: 'az ad sp update --id {client-id} --set accountEnabled=true',
  },
  700024: {
    happened: 'The ID token was too old or too new when it reached Microsoft Entra.',
    cure:
      'Run the job again. If it repeats, something holds requests back on the way, or the clock of the issuer (GitHub ' +
      'Enterprise Server) or of this runner is wrong.',
    retry: 'stale-assertion',
    clock: true,
  },
  700027: {
    happened: 'Microsoft Entra could not check the signature of the ID token.',
    cure:
      'Run the job again. If it repeats, check that the issuer is reachable from the internet (GitHub Enterprise ' +
      'Server must publish its keys), and that nothing on the way changes the token.',
  },
  50027: BROKEN_TOKEN,
  5002727: BROKEN_TOKEN,
  50013: BROKEN_TOKEN,
  500133: {
    happened: 'The ID token was outside its time of validity.',
    cure: 'Run the job again. If it repeats, the clock of the issuer or of this runner is wrong.',
    clock: true,
  },
  700222: {
    happened: 'A token that Microsoft Entra itself issued may not be presented here.',
    cure: 'Present the ID token of the CI system, not an access token.',
  },
  700229: {
    happened: 'The token presented belongs to a user; only applications may present one.',
    cure: 'Present the token of a managed identity or service connection, not that of a person.',
  },
  700223: {
    happened: 'A policy of the tenant limits workload identity federation.',
    cure: 'Ask who runs Microsoft Entra to allow this issuer and application.',
  },
  700238: {
    happened: 'A policy of the tenant blocks workload identity federation.',
    cure: 'Ask who runs Microsoft Entra to allow this issuer and application.',
  },
  70052: {
    happened: 'The application may be used by several tenants, and Azure DevOps takes none of those.',
    cure: 'Use a managed identity, or limit the app registration to its own tenant.',
    command: 'az ad app update --id {client-id} --sign-in-audience AzureADMyOrg',
  },
  7000215: NOT_FOR_FEDERATION,
  7000216: NO_TOKEN,
  7000218: NO_TOKEN,
  700025: {
    happened: 'The application is a public client, which may not present an ID token.',
    cure: 'Turn "Allow public client flows" off in the app registration (Authentication).',
  },
  700030: NOT_FOR_FEDERATION,
  90002: {
    happened: 'There is no such tenant.',
    cure:
      '`tenant-id` must be the directory (tenant) ID that the organization is connected to; it may be mixed up with ' +
      '`client-id`. Leave it out and give `organization`: then patless finds it.',
  },
  900023: {
    happened: 'The tenant is neither an ID nor a domain.',
    cure: 'Check `tenant-id`: a variable in it may be empty or not expanded.',
  },
  500011: {
    happened: 'Azure DevOps is not known in this tenant.',
    cure: 'Check that `tenant-id` is the tenant that the organization is connected to.',
  },
  1002012: BAD_SCOPE,
  70011: BAD_SCOPE,
  53003: { happened: 'A Conditional Access policy blocks this sign-in.', cure: NO_CONDITIONAL_ACCESS },
  530032: { happened: 'A security policy of the tenant blocks this sign-in.', cure: NO_CONDITIONAL_ACCESS },
  530035: { happened: 'Security defaults of the tenant block this sign-in.', cure: NO_CONDITIONAL_ACCESS },
  50196: {
    happened: 'The same sign-in was asked for too many times in a row.',
    cure: 'Sign in once in a job and pass the output on, instead of once in each step; then wait for some minutes.',
  },
  90055: {
    ...PASSING,
    happened: 'The tenant has sent more requests than it may; it is slowed down for a while.',
  },
  90033: PASSING,
  90006: PASSING,
  90012: PASSING,
  90024: PASSING,
  90061: PASSING,
  50033: PASSING,
  50166: PASSING,
  90038: WRONG_CLOUD,
  900382: WRONG_CLOUD,
  900432: WRONG_CLOUD,
  900439: WRONG_CLOUD,
  100007: {
    happened: 'A regional endpoint of Microsoft Entra was asked, which takes no federated credentials.',
    cure: 'Unset MSAL_FORCE_REGION and REGION_NAME for this step. If they are not set, please report this.',
  },
  50020: USER_FLOW,
  50053: USER_FLOW,
  50076: USER_FLOW,
  50173: USER_FLOW,
};
