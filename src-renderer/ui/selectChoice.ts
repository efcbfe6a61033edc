export interface SelectChoice {
  value: string;
  label: string;
  detail?: string | undefined;
  disabled?: boolean;
}
