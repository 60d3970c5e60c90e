import { describeEvents } from '../../../contracts/events.ts';

describeEvents('embedded');
