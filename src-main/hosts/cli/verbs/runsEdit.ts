import type { Command } from 'commander';
import type { RunAnnotation, RunSummary } from '../../../contract/runs.ts';
import { say } from '../../language.ts';
import { Output, table } from '../output.ts';
import { describeRun } from '../runLines.ts';
import { withSession } from '../session.ts';

const texts = {
  edit: {
    en: 'Give runs tags, notes, a star, a project, a group or a place in the archive',
    ko: '실행에 태그, 메모, 별표, 프로젝트, 그룹을 붙이거나 보관하기',
  },
  remove: {
    en: 'Throw runs away; they stay in the bin until it is emptied',
    ko: '실행을 휴지통으로 옮기기(비우기 전까지 되살릴 수 있음)',
  },
  restore: { en: 'Put runs back from the bin', ko: '휴지통의 실행 되살리기' },
  name: { en: 'what to call it', ko: '이름' },
  notes: { en: 'notes in Markdown', ko: 'Markdown 메모' },
  tag: { en: 'tags to add', ko: '더할 태그' },
  untag: { en: 'tags to take away', ko: '뗄 태그' },
  project: { en: 'the project it belongs to; "" for none', ko: '프로젝트. ""이면 없음' },
  group: { en: 'the group it belongs to; "" for none', ko: '그룹. ""이면 없음' },
  star: { en: 'give it a star', ko: '별표 달기' },
  noStar: { en: 'take its star away', ko: '별표 떼기' },
  archive: { en: 'keep it out of the list', ko: '보관하기' },
  noArchive: { en: 'take it out of the archive', ko: '보관 해제' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
} as const;

interface EditFlags {
  name?: string;
  notes?: string;
  tag?: string[];
  untag?: string[];
  project?: string;
  group?: string;
  star?: boolean;
  archive?: boolean;
  json?: boolean;
}

/** Only what the flags say; tags that a run has stay unless they are to go. */
function changeOf(flags: EditFlags, { tags }: RunSummary): RunAnnotation {
  const { name, notes, tag = [], untag = [], project, group, star, archive } = flags;
  return {
    ...(name === undefined ? {} : { name }),
    ...(notes === undefined ? {} : { notes }),
    ...(tag.length + untag.length === 0
      ? {}
      : { tags: [...new Set([...tags, ...tag])].filter((each) => !untag.includes(each)) }),
    ...(project === undefined ? {} : { project: project || null }),
    ...(group === undefined ? {} : { group: group || null }),
    ...(star === undefined ? {} : { starred: star }),
    ...(archive === undefined ? {} : { archived: archive }),
  };
}

/** `runs edit | remove | restore`, each for one run or several. */
export function addRunEditing(runs: Command): void {
  runs
    .command('edit')
    .description(say(texts.edit))
    .argument('<runs...>')
    .option('--name <name>', say(texts.name))
    .option('--notes <text>', say(texts.notes))
    .option('--tag <tag...>', say(texts.tag))
    .option('--untag <tag...>', say(texts.untag))
    .option('--project <project>', say(texts.project))
    .option('--group <group>', say(texts.group))
    .option('--star', say(texts.star))
    .option('--no-star', say(texts.noStar))
    .option('--archive', say(texts.archive))
    .option('--no-archive', say(texts.noArchive))
    .option('--json', say(texts.json))
    .action((ids: string[], flags: EditFlags) =>
      withSession(new Output(flags.json ?? false), async ({ client, output }) => {
        const edited: RunSummary[] = [];
        for (const id of ids) {
          const change = changeOf(flags, await client.runs.get({ id }));
          edited.push(await client.runs.annotate({ id, change }));
        }
        output.result(edited, () => table(edited.map((run) => [...describeRun(run), run.tags.join(', ')])));
      }),
    );

  for (const verb of ['remove', 'restore'] as const) {
    runs
      .command(verb)
      .description(say(texts[verb]))
      .argument('<runs...>')
      .option('--json', say(texts.json))
      .action((ids: string[], { json }: { json?: boolean }) =>
        withSession(new Output(json ?? false), async ({ client, output }) => {
          for (const id of ids) await client.runs[verb]({ id });
          output.result(ids, () => ids);
        }),
      );
  }
}
