import java.io.FileInputStream;
import java.io.InputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Asks veraPDF whether files are PDF/A-3b; one line for each, then why not. */
public class Judge {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.PDFA_3_B;
        for (String file : files) {
            try (InputStream in = new FileInputStream(file);
                    PDFAParser parser =
                            Foundries.defaultInstance().createParser(in, flavour);
                    PDFAValidator judge =
                            Foundries.defaultInstance().createValidator(flavour, false)) {
                ValidationResult result = judge.validate(parser);
                System.out.println((result.isCompliant() ? "ok " : "broken ") + file);
                for (TestAssertion one : result.getTestAssertions()) {
                    System.out.println("  " + one.getRuleId().getClause() + "-"
                            + one.getRuleId().getTestNumber() + " " + one.getMessage());
                }
            }
        }
    }
}
