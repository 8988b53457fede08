// The table of client profiles, of the data that the gateway goes by.
import { type ClientProfile, clientProfiles, interop, type ProfileSwitches, switches } from '../../src/scim/profile.ts';
import { inlineCode, printTable } from './regions.ts';

const names = Object.keys(switches) as (keyof ProfileSwitches)[];

/** A row for each switch: what it decides, and which profiles differ from `interop`. */
export function printClientProfiles(): string {
  return printTable(
    ['switch', 'what it decides', 'why', 'who needs it', inlineCode(interop.name), 'others'],
    names.map((name) => {
      const { what, why, who } = switches[name];
      const others = differing(name).map((profile) => `${inlineCode(profile.name)}: ${inlineCode(profile[name])}`);
      return [inlineCode(name), what, why, who, inlineCode(interop[name]), others.join('<br>')];
    }),
  );
}

/** A line for each profile. */
export function printProfileNames(): string {
  return [...clientProfiles.values()]
    .map((profile) => {
      const own = names.filter((name) => profile[name] !== interop[name]);
      const set = own.map((name) => `${inlineCode(name)} ${inlineCode(profile[name])}`).join(', ');
      const isDefault = profile === interop;
      return `- ${inlineCode(profile.name)}: ${isDefault ? 'the default' : set === '' ? 'as `interop`' : set}`;
    })
    .join('\n');
}

function differing(name: keyof ProfileSwitches): ClientProfile[] {
  return [...clientProfiles.values()].filter((profile) => profile[name] !== interop[name]);
}
