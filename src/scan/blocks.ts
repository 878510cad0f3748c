// The blocks that a place of a file stands in, from the innermost to the whole file, and what each of them speaks of.
import { namesHost, namesOtherHost, organizationsIn, speaksOfAzureDevOps } from './addresses.js';
import type { Use } from './finding.js';
import type { Range } from './reading.js';
import { usesIn } from './uses.js';

/** Judged when asked, and once: the commands of a file ask for the same blocks again and again. */
export class Block {
  constructor(
    readonly range: Range,
    readonly text: string,
    private readonly expand: (text: string) => string,
  ) {}

  /** Whether it is about Azure DevOps; undefined where it names no host at all. */
  readonly speaks = once((): boolean | undefined => {
    if (speaksOfAzureDevOps(this.expand(this.text))) return true;
    return namesOtherHost(this.text) ? false : undefined;
  });
  readonly namesHost = once(() => namesHost(this.text));
  readonly namesOtherHost = once(() => namesOtherHost(this.text) || OTHER_PROVIDER.test(this.text));
  readonly organizations = once(() => organizationsIn(this.expand(this.text)));
  readonly uses = once((): readonly Use[] => usesIn(this.text));
  readonly registries = once(() =>
    [...this.text.matchAll(REGISTRIES)].map((match) => ({
      offset: this.range.start + match.index,
      isAzureDevOps: match[1] === undefined,
    })),
  );
}

/** Terraform: the provider says where its token goes, also where it names no host. */
const OTHER_PROVIDER = /^\s*provider\s+"(?!azuredevops")/;

const REGISTRIES =
  /pkgs\.dev\.azure\.com|\.pkgs\.visualstudio\.com|(npmjs\.(?:org|com)|npm\.pkg\.github|nuget\.pkg\.github|maven\.pkg\.github|nuget\.org|pypi\.org|maven\.org|sonatype|crates\.io|jfrog|artifactory|nexus|codeartifact|gitlab)/gi;

function once<T>(judge: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: judge() };
    return known.value;
  };
}

/** Blocks are looked up by the stretch of text that a place is in, or a file of ten thousand would be searched each time. */
const STRETCH = 2048;
/** How many of the innermost blocks are a step: its `env`, and the step itself. */
const STEP = 2;

export class Blocks {
  readonly #byStretch = new Map<number, Block[]>();

  constructor(text: string, ranges: readonly Range[], expand: (text: string) => string) {
    const all = [...ranges, { start: 0, end: text.length + 1 }];
    for (const range of all.sort((a, b) => a.end - a.start - (b.end - b.start))) {
      const block = new Block(range, text.slice(range.start, range.end), expand);
      for (let stretch = Math.floor(range.start / STRETCH); stretch * STRETCH < range.end; stretch++) {
        const blocks = this.#byStretch.get(stretch);
        if (blocks === undefined) this.#byStretch.set(stretch, [block]);
        else blocks.push(block);
      }
    }
  }

  /** The smallest first. */
  around(offset: number): Block[] {
    const near = this.#byStretch.get(Math.floor(offset / STRETCH)) ?? [];
    return near.filter(({ range: { start, end } }) => start <= offset && offset < end);
  }

  /** Whether the nearest host that is named is one of Azure DevOps. */
  speaksAt(offset: number): boolean {
    return this.#nearest(offset, (block) => block.speaks()) ?? false;
  }

  /** Of the innermost block that names one; null where that names several. */
  organizationAt(offset: number): string | null {
    const names = this.#nearest(offset, (block) =>
      block.organizations().size > 0 ? block.organizations() : undefined,
    );
    return names?.size === 1 ? ([...names][0] ?? null) : null;
  }

  /** Of a step; of what is larger only if it is about one thing. */
  useAt(offset: number): Use {
    const [use] =
      this.around(offset)
        .map((block, index) =>
          index < STEP ? block.uses() : block.uses().filter((_, __, all) => all.length === 1),
        )
        .find((uses) => uses.length > 0) ?? [];
    return use ?? 'unknown';
  }

  /** Whose feed tools use there: that of the last registry before the place, or else of the first after it. */
  isFeedAt(offset: number): boolean | undefined {
    return this.#nearest(offset, (block) => {
      const registries = block.registries();
      return (registries.findLast((found) => found.offset <= offset) ?? registries[0])?.isAzureDevOps;
    });
  }

  /** Whether the step itself names registries, and those of Azure Artifacts alone. */
  isFeedOfStepAt(offset: number): boolean {
    const registries = this.around(offset)
      .slice(0, STEP)
      .flatMap((block) => block.registries());
    return registries.length > 0 && registries.every(({ isAzureDevOps }) => isAzureDevOps);
  }

  #nearest<T>(offset: number, judge: (block: Block) => T | undefined): T | undefined {
    for (const block of this.around(offset)) {
      const judged = judge(block);
      if (judged !== undefined) return judged;
    }
    return undefined;
  }
}
