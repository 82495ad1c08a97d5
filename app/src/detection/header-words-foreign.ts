// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'

/** A language of tables whose words are neither English nor Chinese; whether whose it is stands behind the word (`telefone_contato`) or before it (`kontakt_telefon`). */
interface ForeignList {
  isHeadFirst: boolean
  words: readonly (readonly [InformationType, string])[]
}

/** Names of columns by language: words that mean one thing in databases. What is also an English word, a pinyin syllable or a usual abbreviation is left out. */
const lists: readonly ForeignList[] = [
  { // German, Dutch, the Nordic languages
    isHeadFirst: false,
    words: [
      ['person-name', 'ansprechpartner kontaktperson geburtsname kontoinhaber roepnaam achternaam voornaam voornamen naam_klant efternamn fornamn etunimi sukunimi'],
      ['birth-date', 'geb_dat gebdat geb_datum gebdatum geburtsdatum geboortedatum fodelsedatum fodselsdato fodselsdag syntymaaika'],
      ['landline', 'rufnummer festnetz festnetznummer telefon telefon_nr tel_nr telefoon telefoonnummer telefonnummer puhelin puhelinnumero'], ['mobile', 'handy handynummer handy_nr mobilnummer mobiltelefon mobiele_telefoon mobiltelefonnummer'],
      ['address', 'anschrift wohnadresse lieferadresse rechnungsadresse strassenname strasse_nr straatnaam hausnummer huisnummer osoite katuosoite gateadresse'], ['email', 'mailadres mailadresse mail_adresse e_mail_adresse emailadres emailadresse sahkoposti'],
      ['postcode', 'postleitzahl postnummer postinumero'], ['region', 'bundesland geburtsort wohnort woonplaats geboorteplaats gemeente hjemby kaupunki kommun'], ['gender', 'geschlecht geslacht sukupuoli'],
      ['password', 'kennwort wachtwoord losenord salasana passord'], ['income', 'gehalt bruttogehalt nettogehalt monatsgehalt grundgehalt lohn stundenlohn bruttolohn nettolohn salaris brutosalaris nettosalaris uurloon'],
      ['job', 'beruf berufsbezeichnung stellenbezeichnung job_titel jobtitel beroep functietitel yrke ammatti'], ['marital-status', 'familienstand burgerlijke_staat sivilstand civilstand'], ['religion', 'konfession religionszugehoerigkeit religionszugehorigkeit geloof'],
      ['education', 'schulabschluss ausbildung bildungsabschluss opleiding opleidingsniveau utbildning'], ['national-id-foreign', 'personalausweis personalausweisnummer personalausweis_nr personnummer fodselsnummer henkilotunnus burgerservicenummer'],
      ['tax-id', 'steuernummer steuer_id steuer_nr steueridentifikationsnummer umsatzsteuer_id ust_id btw_nummer'], ['social-insurance', 'sv_nummer sv_nr svnr versichertennummer versicherten_nr krankenversicherungsnummer rentenversicherungsnummer krankenkassennummer'],
      ['passport', 'reisepassnummer reisepass_nr passnummer paspoortnummer'], ['driver-licence', 'fuehrerschein fuhrerschein fuehrerscheinnummer fuhrerscheinnummer fuehrerschein_nr rijbewijs rijbewijsnummer korkort'], ['licence-plate', 'kennzeichen kfz_kennzeichen autokennzeichen kenteken'],
      ['bank-account', 'bankverbindung rekeningnummer kontonummer kontonr bankkonto'], ['customer-id', 'kundennummer kunden_nr mitgliedsnummer mitglieds_nr patientennummer patienten_nr klantnummer lidnummer kundenr'],
      ['medical', 'diagnose krankheit krankheiten vorerkrankungen allergien blutgruppe medikation medikamente bloedgroep aandoening behandlung'], ['age', 'lebensalter leeftijd'], ['photo', 'profilbild passbild lichtbild pasfoto'],
      ['user-name', 'benutzername nutzername spitzname anmeldename gebruikersnaam bijnaam'], ['organisation-name', 'firmenname unternehmen arbeitgeber bedrijfsnaam werkgever foretag'], ['geo-location', 'breitengrad laengengrad langengrad breedtegraad lengtegraad'], ['none', 'titel buchtitel untertitel produkttitel'],
    ],
  },
  { // French
    isHeadFirst: true,
    words: [
      ['person-name', 'nom_complet nom_prenom nom_et_prenom nom_client nom_patient nom_de_famille nom_famille nom_jeune_fille nom_usage'], ['birth-date', 'date_naissance date_de_naissance datenaissance date_naiss'], ['landline', 'num_tel numero_telephone numero_de_telephone no_tel tel_domicile'], ['mobile', 'tel_portable telephone_portable num_portable'],
      ['address', 'adresse_postale adresse_client adresse_livraison adresse_facturation nom_rue numero_rue'], ['email', 'courriel adresse_mail adresse_email adresse_courriel'], ['postcode', 'code_postal codepostal'], ['region', 'lieu_naissance lieu_de_naissance ville_naissance pays_naissance'],
      ['password', 'mot_de_passe mot_passe motdepasse'], ['income', 'salaire salaire_base salaire_brut salaire_net remuneration_brute revenu_annuel'], ['job', 'fonction_employe intitule_poste'], ['marital-status', 'etat_civil situation_familiale situation_matrimoniale'],
      ['education', 'niveau_etude niveau_etudes niveau_scolaire diplome'], ['national-id-foreign', 'num_cin numero_cin carte_identite numero_carte_identite num_cni piece_identite numero_piece_identite num_piece_identite'], ['social-insurance', 'numero_securite_sociale num_secu num_secu_sociale secu_sociale numero_secu'], ['tax-id', 'numero_fiscal num_siret'],
      ['passport', 'passeport num_passeport numero_passeport'], ['driver-licence', 'permis_conduire permis_de_conduire num_permis numero_permis'], ['licence-plate', 'immatriculation plaque_immatriculation num_immatriculation'], ['bank-account', 'numero_compte num_compte numero_de_compte'],
      ['customer-id', 'num_adherent numero_adherent code_client numero_client num_client code_adherent'], ['medical', 'maladie maladies antecedents_medicaux groupe_sanguin diagnostic_medical'], ['photo', 'photo_identite photo_profil'], ['user-name', 'nom_utilisateur compte_utilisateur pseudonyme surnom'],
      ['organisation-name', 'raison_sociale nom_societe nom_entreprise employeur'], ['ethnicity', 'groupe_ethnique ethnie'],
    ],
  },
  { // Spanish and Portuguese
    isHeadFirst: true,
    words: [
      ['person-name', 'nombre_completo nombre_apellido nombres_apellidos nombre_y_apellido nombre_cliente nombre_paciente nombre_alumno nombre_contacto nome_completo nome_cliente nome_paciente nome_aluno nome_funcionario nome_mae nome_da_mae nome_pai nome_do_pai nome_social sobrenome apellido_paterno apellido_materno'],
      ['birth-date', 'fecha_nacimiento fecha_de_nacimiento fecha_nac fec_nac fec_nacimiento data_nascimento data_de_nascimento dt_nascimento dt_nasc data_nasc nascimento'], ['landline', 'telefone telefone_residencial telefone_fixo telefone_contato numero_telefono telefono_casa telefono_fijo telefone1 telefone2'], ['mobile', 'telefono_movil telefono_celular telefone_celular numero_celular'],
      ['address', 'domicilio_fiscal direccion_envio direccion_cliente calle_numero calle_y_num calle_y_numero endereco endereco_cliente endereco_completo logradouro numero_casa rua_numero'], ['email', 'correo correo_e correo_electronico email_cliente correo_personal'], ['postcode', 'codigo_postal cod_postal'], ['region', 'lugar_nacimiento lugar_de_nacimiento naturalidade local_nascimento municipio localidad comuna bairro cidade_natal'],
      ['password', 'contrasena contrasenia clave_acceso senha senha_hash senha_usuario'], ['income', 'sueldo sueldo_base salario_base salario_mensual salario_bruto remuneracao vencimento_base renda_familiar renda_mensal'], ['job', 'ocupacao profissao puesto_trabajo cargo_actual cargo_funcionario'],
      ['marital-status', 'estado_civil'], ['religion', 'religiao'], ['education', 'nivel_estudios nivel_educativo grado_instruccion grau_instrucao escolaridad escolaridade'], ['ethnicity', 'grupo_etnico etnia raca raca_cor cor_raca'],
      ['national-id-foreign', 'numero_documento num_documento nro_documento documento_identidad numero_dni num_dni rg_cliente numero_rg numero_cpf cpf_cliente cedula_identidad numero_cedula'], ['tax-id', 'numero_ruc numero_cuit numero_cnpj cnpj_cpf'], ['social-insurance', 'numero_seguridad_social num_seguridad_social nro_seguro_social pis_pasep numero_pis'],
      ['passport', 'pasaporte passaporte numero_pasaporte num_pasaporte numero_passaporte'], ['driver-licence', 'licencia_conducir licencia_de_conducir licencia_conduccion num_licencia_conducir cnh numero_cnh'], ['licence-plate', 'placa_veiculo placa_vehiculo placa_carro matricula_vehiculo'],
      ['bank-account', 'numero_cuenta num_cuenta nro_cuenta cuenta_bancaria conta_corrente conta_bancaria numero_conta'], ['customer-id', 'codigo_cliente numero_cliente num_cliente numero_socio num_socio nro_socio historia_clinica nro_historia_clinica num_historia_clinica matricula_aluno codigo_paciente'],
      ['medical', 'enfermedad enfermedades antecedentes_medicos diagnostico_medico grupo_sanguineo tipo_sangre tipo_de_sangre tipo_sanguineo doenca doencas alergia alergias prontuario medicamentos'], ['age', 'idade edad_paciente'], ['photo', 'foto_perfil foto_cliente foto_alumno foto_aluno fotografia'],
      ['user-name', 'nom_usuario nombre_usuario nombre_de_usuario nome_usuario nome_de_usuario apelido apodo'], ['organisation-name', 'razon_social razao_social nombre_comercial nombre_empresa nome_fantasia nome_empresa empregador'],
    ],
  },
  { // Italian and Romanian
    isHeadFirst: true,
    words: [
      ['person-name', 'nome_cognome cognome_nome nominativo nome_paziente nome_cliente prenume nume_prenume'], ['birth-date', 'data_nascita data_di_nascita datanascita data_nasterii'], ['landline', 'recapito_telefonico telefono_fisso numero_telefono numar_telefon'], ['mobile', 'cellulare telefono_cellulare numero_cellulare'], ['address', 'indirizzo indirizzo_residenza indirizzo_spedizione numero_civico'], ['email', 'posta_elettronica indirizzo_email'],
      ['postcode', 'codice_postale cod_postale'], ['region', 'luogo_nascita luogo_di_nascita comune_nascita comune_residenza provincia_residenza nazione'], ['income', 'stipendio retribuzione reddito'], ['job', 'mansione professione'], ['marital-status', 'stato_civile'], ['education', 'titolo_studio titolo_di_studio'], ['national-id-foreign', 'codice_fiscale cod_fiscale codfisc codice_fisc'], ['tax-id', 'partita_iva'],
      ['passport', 'passaporto numero_passaporto'], ['driver-licence', 'patente_guida numero_patente'], ['bank-account', 'conto_corrente numero_conto'], ['customer-id', 'codice_cliente cod_cliente codice_paziente numero_tessera'], ['medical', 'gruppo_sanguigno malattia malattie diagnosi allergie'], ['user-name', 'nome_utente soprannome'], ['organisation-name', 'ragione_sociale datore_lavoro datore_di_lavoro nome_azienda'], ['geo-location', 'latitudine longitudine'],
    ],
  },
  { // Japanese in Latin letters
    isHeadFirst: false,
    words: [
      ['person-name', 'shimei simei shimei_kana simei_kana sei_kana mei_kana sei_kanji mei_kanji namae furigana kanji_shimei kana_shimei tantousha_mei tantosha_mei kokyaku_mei kaiin_mei'], ['birth-date', 'tanjoubi tanjobi tanjyoubi seinengappi'], ['landline', 'denwa denwa_no denwa_bango denwa_bangou denwabango denwabangou tel_bangou'], ['mobile', 'keitai keitai_no keitai_bango keitai_bangou keitai_denwa'],
      ['address', 'juusho jusho jyusyo juusyo jusyo banchi tatemono_mei'], ['email', 'meru_adoresu meeru_adoresu mail_adoresu'], ['postcode', 'yubin_no yuubin_no yubin_bango yuubin_bangou yubinbango yuubinbangou yubin_cd'], ['region', 'todoufuken todofuken shikuchoson shikuchouson kokuseki'], ['gender', 'seibetsu seibetu'], ['password', 'pasuwaado'], ['income', 'kyuuyo kyuryo kyuuryou nenshu nenshuu'], ['job', 'shokugyou shokugyo syokugyo yakushoku'], ['education', 'gakureki'],
      ['bank-account', 'koza_no kouza_no koza_bango kouza_bangou kozabango'], ['customer-id', 'kaiin_no kaiin_bango kaiinbango kokyaku_no kokyaku_code kokyaku_bango kanja_no kanja_bango'], ['age', 'nenrei'], ['organisation-name', 'kaisha_mei kaishamei kinmusaki'], ['medical', 'ketsuekigata byoumei shindanmei'], ['geo-location', 'ido_keido'],
    ],
  },
  { // Indonesian and Malay
    isHeadFirst: true,
    words: [
      ['person-name', 'nama_lengkap nama_pelanggan nama_pasien nama_siswa nama_mahasiswa nama_karyawan nama_pegawai nama_anggota nama_guru nama_ibu nama_ayah nama_depan nama_belakang nama_penerima'], ['birth-date', 'tgl_lahir tanggal_lahir tarikh_lahir'], ['landline', 'telp no_telp nomor_telepon no_telepon notelp telepon'], ['mobile', 'no_hp nohp nomor_hp no_handphone handphone'],
      ['address', 'alamat alamat_rumah alamat_lengkap alamat_pengiriman'], ['email', 'surel'], ['postcode', 'kode_pos kodepos poskod'], ['region', 'tempat_lahir kabupaten kecamatan kelurahan provinsi kewarganegaraan'], ['gender', 'jenis_kelamin jk_kelamin jantina'], ['password', 'kata_sandi'], ['income', 'gaji gaji_pokok gaji_bersih penghasilan pendapatan_bulanan'], ['job', 'pekerjaan jabatan'], ['marital-status', 'status_perkawinan status_pernikahan status_nikah'], ['religion', 'agama'],
      ['education', 'pendidikan pendidikan_terakhir'], ['national-id-foreign', 'no_ktp nomor_ktp no_nik nomor_induk_kependudukan'], ['tax-id', 'npwp no_npwp'], ['social-insurance', 'no_bpjs nomor_bpjs'], ['passport', 'no_paspor nomor_paspor paspor'], ['licence-plate', 'no_polisi nopol plat_nomor'], ['bank-account', 'no_rekening nomor_rekening norek'], ['customer-id', 'no_anggota no_pelanggan no_rekam_medis nomor_rekam_medis'],
      ['medical', 'golongan_darah riwayat_penyakit penyakit keluhan diagnosa'], ['age', 'umur usia'], ['photo', 'foto_profil pas_foto'], ['user-name', 'nama_pengguna'], ['organisation-name', 'nama_perusahaan perusahaan'],
    ],
  },
  { // Turkish, Vietnamese, Polish, Czech, Hungarian
    isHeadFirst: false,
    words: [
      ['person-name', 'ad_soyad adi_soyadi soyadi soyad ho_ten hoten ho_va_ten ten_khach_hang ten_nhan_vien ten_sinh_vien jmeno prijmeni vezeteknev keresztnev nazwisko'], ['birth-date', 'dogum_tarihi ngay_sinh ngaysinh data_urodzenia szuletesi_datum datum_narozeni'], ['landline', 'telefon_no so_dien_thoai sodienthoai dien_thoai telefonszam numer_telefonu'], ['mobile', 'cep_telefonu cep_tel telefon_komorkowy'], ['address', 'dia_chi diachi adres_zamieszkania lakcim ev_adresi'], ['email', 'e_posta eposta'], ['postcode', 'posta_kodu kod_pocztowy iranyitoszam'],
      ['region', 'dogum_yeri noi_sinh que_quan thanh_pho quan_huyen miejsce_urodzenia'], ['gender', 'cinsiyet gioi_tinh gioitinh plec pohlavi'], ['password', 'mat_khau matkhau jelszo parola'], ['income', 'luong_co_ban maas_tutari wynagrodzenie'], ['job', 'nghe_nghiep chuc_vu chucvu stanowisko meslek'], ['marital-status', 'medeni_hal tinh_trang_hon_nhan stan_cywilny'], ['religion', 'ton_giao wyznanie'], ['education', 'egitim_durumu trinh_do_hoc_van wyksztalcenie'],
      ['ethnicity', 'dan_toc'], ['national-id-foreign', 'tc_kimlik tc_kimlik_no tckimlik tckn so_cmnd cmnd cccd so_cccd rodne_cislo'], ['tax-id', 'vergi_no vergi_numarasi ma_so_thue'], ['social-insurance', 'sgk_no'], ['passport', 'ho_chieu so_ho_chieu pasaport_no'], ['driver-licence', 'ehliyet_no bang_lai_xe'], ['licence-plate', 'bien_so_xe arac_plaka nr_rejestracyjny'], ['bank-account', 'hesap_no so_tai_khoan numer_konta'], ['customer-id', 'musteri_no uye_no ma_khach_hang makhachhang'], ['medical', 'kan_grubu nhom_mau grupa_krwi'], ['organisation-name', 'sirket_adi ten_cong_ty nazwa_firmy'], ['user-name', 'kullanici_adi ten_dang_nhap nazwa_uzytkownika'],
    ],
  },
]

/** A name in another language, and the order of its words. */
interface ForeignName {
  type: InformationType
  isHeadFirst: boolean
}

const names = new Map<string, ForeignName>()
for (const { isHeadFirst, words } of lists) for (const [type, all] of words) for (const name of all.split(' ')) if (!names.has(name)) names.set(name, { type, isHeadFirst })
const longestName = 5

/** What the tokens of a name say in another language: the whole, its longest known end, or its longest known beginning where a language says last whose it is; names of one word only when `isAnyWord`. Null when they say nothing. */
export function foreignNameOf(tokens: readonly string[], isAnyWord: boolean): { type: InformationType; word: string } | null {
  const least = isAnyWord ? 1 : 2
  for (let length = Math.min(longestName, tokens.length); length >= least; length--) {
    const [last, first] = [tokens.slice(-length).join('_'), tokens.slice(0, length).join('_')]
    const [end, begin] = [names.get(last), names.get(first)]
    if (end !== undefined) return { type: end.type, word: last }
    if (begin?.isHeadFirst === true) return { type: begin.type, word: first }
  }
  return null
}
