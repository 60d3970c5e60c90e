import { describeUpgrade } from '../../contracts/upgrade/upgrade.ts';

describeUpgrade('postgres');
