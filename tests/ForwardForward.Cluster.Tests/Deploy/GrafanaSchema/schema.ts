// A dashboard as a JSON file holds it: Grafana's types, whose enums are plain strings there.
import type { Dashboard, Panel, RowPanel } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts';
import type { FieldConfig as StateTimelineField, Options as StateTimelineOptions } from '@grafana/schema/dist/types/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen.d.ts';
import type { FieldConfig as TableField, Options as TableOptions } from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen.d.ts';
import type { FieldConfig as TimeSeriesField, Options as TimeSeriesOptions } from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts';

type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { [Key in keyof T]: Plain<T[Key]> }
        : T;

type Of<Type extends string, Options, Field> = Omit<Panel<Options, Field>, 'type' | 'options' | 'fieldConfig'> & {
  type: Type;
  options: Partial<Options>;
  fieldConfig: { defaults: Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'> & { custom?: Partial<Field> }; overrides: NonNullable<Panel['fieldConfig']>['overrides'] };
};

type KnownPanel =
  | RowPanel
  | Of<'stat', StatOptions, object>
  | Of<'state-timeline', StateTimelineOptions, StateTimelineField>
  | Of<'table', TableOptions, TableField>
  | Of<'timeseries', TimeSeriesOptions, TimeSeriesField>;

export type DashboardJson = Plain<Omit<Dashboard, 'panels'> & { panels: KnownPanel[] }>;
